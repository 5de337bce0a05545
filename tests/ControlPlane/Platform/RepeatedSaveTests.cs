namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>A save that the database breaks off and that is done again is done whole: with its claims and its idempotent answer.</summary>
public sealed class RepeatedSaveTests(ControlPlaneFixture fixture) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task After_a_deadlock_in_the_save_events_claims_and_answer_are_all_there()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        // A sequence keeps counting when its transaction is rolled back: the first endpoint event is broken off, the next is not.
        await fixture.ScalarAsync<int>("""
            create sequence app.broken_off; grant usage on sequence app.broken_off to plc_control_plane;
            create function app.break_off() returns trigger language plpgsql as $$ begin
                if new.type = 'interface_endpoint_requested' and nextval('app.broken_off') = 1 then raise exception using errcode = 'deadlock_detected'; end if;
                return new;
            end $$;
            create trigger break_off before insert on plc.mt_events for each row execute function app.break_off();
            select 1
            """);
        var id = (await world.RequestAsync(key: "once"))["id"];
        Assert.Equal(2, await fixture.ScalarAsync<long>("select last_value from app.broken_off"));
        Assert.Equal(1, await fixture.ScalarAsync<long>($"select count(*) from plc.mt_events where stream_id = '{id}'"));
        Assert.Equal(4, await fixture.ScalarAsync<long>($"select count(*) from app.claims where owner = '{id}' or owner in (select jsonb_path_query(data, '$.doors[*].networkInterfaceId') #>> '{{}}' from plc.mt_doc_interfaceendpoint where id = '{id}')"));
        Assert.Equal(id, (await world.RequestAsync(key: "once"))["id"]);
    }
}
