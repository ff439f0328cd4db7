// Each test runs the whole chain on two cores; two at once would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
