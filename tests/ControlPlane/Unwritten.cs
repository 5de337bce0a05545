namespace PrivateLinkCloud.ControlPlane.Tests;

/// <summary>Sees that a refusal stores nothing: no event, no document, no claim, no answer under a key, nothing for a zone or a webhook.</summary>
public static class Unwritten
{
    /// <summary>Rows per table. A refused save leaves a tombstone, the event store's own mark for a number it did not use: not a fact.</summary>
    private const string Counts = """
        select table_schema || '.' || table_name || ' ' || (xpath('//n/text()', query_to_xml(format('select count(*) as n from %I.%I', table_schema, table_name), false, true, '')))[1]::text
        from information_schema.tables where table_schema in ('app', 'plc') and table_type = 'BASE TABLE' and table_name not in ('mt_events', 'mt_streams', 'mt_event_progression')
        union all select 'plc.mt_events ' || count(*) from plc.mt_events where type <> 'tombstone'
        union all select 'plc.mt_streams ' || count(*) from plc.mt_streams where id not like '%tombstone%'
        order by 1
        """;

    public static async Task<Answer> AfterAsync(ControlPlaneFixture fixture, Func<Task<Answer>> ask)
    {
        await SettledAsync(fixture);
        var before = await fixture.ColumnAsync(Counts);
        var answer = await ask();
        Assert.Equal(before, await fixture.ColumnAsync(Counts));
        return answer;
    }

    /// <summary>Until plans and due notifications follow from every event stored so far.</summary>
    public static Task SettledAsync(ControlPlaneFixture fixture) => Eventually.TrueAsync(() => fixture.ScalarAsync<bool>("""
        select count(*) filter (where last_seq_id >= (select coalesce(max(seq_id), 0) from plc.mt_events)) = 2 from plc.mt_event_progression where name in ('ZonePlan:All', 'DueNotifications:All')
        """), "plans and notifications to follow the events");

    /// <summary>Refused with this status and code, with a sentence, and nothing stored.</summary>
    public static async Task<Answer> RefusedAsync(this ControlPlaneFixture fixture, int status, string code, Func<Task<Answer>> ask) =>
        (await AfterAsync(fixture, ask)).ExpectProblem(status, code);
}
