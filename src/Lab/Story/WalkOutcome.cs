using System.Globalization;
using PrivateLinkCloud.Lab.Clients;

namespace PrivateLinkCloud.Lab.Story;

/// <summary>What the walk showed, and its report.</summary>
/// <param name="Accept">Just before the accepting request left: the zero of every time in the report.</param>
/// <param name="Inside">The provider's own machine in its VPC; <paramref name="Client"/> is the consumer's.</param>
public sealed record WalkOutcome(Endpoint Endpoint, string ServiceId, Network Offering, Network Asking, Instance Inside, Instance Client, string StorePassword, DateTimeOffset Accept,
    FirstByte First, IReadOnlyList<(WalkStation Station, WalkRecord Record)> Walk, Webhook Told, Webhook Acknowledged, EndpointUseSeen Use)
{
    public string LastLine => string.Create(CultureInfo.InvariantCulture, $"accept → first byte: {(First.FirstByteAt - Accept).TotalMilliseconds:0} ms");

    public IEnumerable<string> Report()
    {
        yield return "";
        foreach (var (station, record) in Walk) yield return $"{station.Number,2}  {station.File,-58} {Since(record.At)}  {record.Process}: {What(record)}";
        yield return "";
        yield return $"webhook   {Told.Type} before the accept, {Acknowledged.Type} {Since(Acknowledged.At).Trim()} after it, both signed";
        yield return $"dns       {Endpoint.RegionalName} → {Use.Regional}";
        foreach (var (name, address) in Endpoint.ZonalNames.Zip(Use.Zonal)) yield return $"          {name} → {address}";
        yield return $"          {Provider.PrivateName} → {Use.Private}";
        yield return $"page      http://{Provider.PrivateName}/ → {Use.Page}";
        yield return Use.Row.Split(' ') is [var items, var pieces, var address2]
            ? $"sql       {items} items, {pieces} pieces in stock, says the PostgreSQL at the provider's {address2}" : $"sql       {Use.Row}";
        yield return $"first byte from {First.Address}: resolved {Since(First.ResolvedAt).Trim()}, connected {Since(First.ConnectedAt).Trim()}, {First.StatusLine}; {First.Questions} questions, {First.Flows} flow{(First.Flows == 1 ? "" : "s")}";
    }

    private string What(WalkRecord record) => record.Message.Replace($"{Endpoint.Id}: ", "", StringComparison.Ordinal).Replace(Endpoint.Id, "it", StringComparison.Ordinal);

    private string Since(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{(at - Accept).TotalMilliseconds,7:+0.0;-0.0} ms");
}
