using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;

namespace EdgeTrace.EndToEnd;

/// <summary>One span as it was received; ids in hex.</summary>
sealed record ReceivedSpan(string Trace, string Id, string Parent, string Name);

/// <summary>An OTLP receiver over HTTP: takes traces and metrics, keeps the spans.</summary>
sealed class TraceReceiver : IDisposable
{
    readonly HttpListener _listener = new();
    readonly Task _serving;

    public TraceReceiver()
    {
        Address = $"http://127.0.0.1:{Chain.FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }
    public ConcurrentQueue<ReceivedSpan> Spans { get; } = [];

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait(TimeSpan.FromSeconds(5));
    }

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext asked;
            try
            {
                asked = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var body = new MemoryStream();
            await asked.Request.InputStream.CopyToAsync(body);
            if (asked.Request.Url?.AbsolutePath == "/v1/traces") ReadRequest(body.ToArray());
            asked.Response.ContentType = "application/x-protobuf";
            asked.Response.Close();
        }
    }

    // ExportTraceServiceRequest.resource_spans = 1 → ResourceSpans.scope_spans = 2 → ScopeSpans.spans = 2.
    void ReadRequest(byte[] request)
    {
        foreach (var resource in Messages(request, 1))
            foreach (var scope in Messages(resource, 2))
                foreach (var span in Messages(scope, 2))
                    Spans.Enqueue(new(Hex(span, 1), Hex(span, 2), Hex(span, 4), System.Text.Encoding.UTF8.GetString(Messages(span, 5).Single())));
    }

    static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Messages(message, field).FirstOrDefault([]));

    static List<byte[]> Messages(byte[] message, int field)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited) found.Add(input.ReadBytes().ToByteArray());
            else input.SkipLastField();
        }
        return found;
    }
}
