using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeTrace.Stock;

namespace EdgeTrace.Store.Ledger;

/// <summary>How a detail and a state lie in the ledger: JSON by camel-case names, words for enums, nothing for what is not said.</summary>
static class StockJson
{
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, s_json);

    public static EventDetail Detail(string json) => JsonSerializer.Deserialize<EventDetail>(json, s_json) ?? EventDetail.None;
    public static ItemState Item(string json) => JsonSerializer.Deserialize<ItemState>(json, s_json)!;
    public static LotState Lot(string json) => JsonSerializer.Deserialize<LotState>(json, s_json)!;
    public static RecallNotice Notice(string json) => JsonSerializer.Deserialize<RecallNotice>(json, s_json)!;
    public static IReadOnlyList<string> Notices(string json) => JsonSerializer.Deserialize<string[]>(json, s_json)!;
    public static Product Product(string json) => JsonSerializer.Deserialize<Product>(json, s_json)!;
}
