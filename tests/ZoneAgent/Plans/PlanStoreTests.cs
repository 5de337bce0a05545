using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Fabric;
using PrivateLinkCloud.ZoneAgent.Plans;
using static PrivateLinkCloud.ZoneAgent.Tests.Sample;

namespace PrivateLinkCloud.ZoneAgent.Tests.Plans;

public sealed class PlanStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("plc-plan-").FullName;

    private string LogFile => Path.Combine(_directory, "plan.log");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private PlanStore Open(out HeldPlan plan, out string? damage, int multiple = 4, long least = 1 << 20, string zone = Zone)
    {
        var store = new PlanStore(_directory, zone, multiple, least);
        (plan, damage) = store.Load();
        return store;
    }

    private void Write(params ZonePlan[] updates)
    {
        using var store = Open(out _, out _);
        foreach (var update in updates) store.Append(update);
    }

    [Fact]
    public void A_plan_comes_back_as_it_was_taken()
    {
        Write(Whole(Small()), Changes(2, [Door("b", "vpc-a", "10.0.1.11")]), Changes(3, [], "name/vpc-a/a.example.com"));
        using var store = Open(out var plan, out var damage);
        Assert.Null(damage);
        Assert.Equal(("e1", 3L), (plan.Epoch, plan.Revision));
        Assert.Equal(["door/a", "door/b", "network/vpc-a", "network/vpc-p", "node/lb/z1", "targetGroup/tg"], plan.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Door("b", "vpc-a", "10.0.1.11"), plan.Entries["door/b"]);
    }

    [Fact]
    public void No_log_is_no_plan_and_no_damage()
    {
        using var store = Open(out var plan, out var damage);
        Assert.False(plan.IsTaken);
        Assert.Null(damage);
    }

    [Fact]
    public void A_tail_torn_at_any_byte_loses_the_last_update_alone_and_appending_goes_on()
    {
        Write(Whole(Small()), Changes(2, [Door("b", "vpc-a", "10.0.1.11")]));
        var whole = File.ReadAllBytes(LogFile);
        var secondLine = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var cut = secondLine + 1; cut < whole.Length; cut += 7)
        {
            File.WriteAllBytes(LogFile, whole[..cut]);
            using (var store = Open(out var plan, out var damage))
            {
                Assert.Equal(1, plan.Revision);
                Assert.Contains("cut off after revision 1", damage);
                store.Append(Changes(2, [Door("c", "vpc-a", "10.0.1.12")]));
            }
            using var again = Open(out var healed, out var none);
            Assert.Null(none);
            Assert.True(healed.Entries.ContainsKey("door/c"));
        }
    }

    [Fact]
    public void A_flipped_bit_ends_the_log_there()
    {
        Write(Whole(Small()), Changes(2, [Door("b", "vpc-a", "10.0.1.11")]), Changes(3, [Door("c", "vpc-a", "10.0.1.12")]));
        var bytes = File.ReadAllBytes(LogFile);
        bytes[Array.IndexOf(bytes, (byte)'\n') + 60] ^= 4;
        File.WriteAllBytes(LogFile, bytes);
        using var store = Open(out var plan, out var damage);
        Assert.Equal(1, plan.Revision);
        Assert.Contains("does not match its checksum", damage);
    }

    [Fact]
    public void A_whole_plan_starts_the_log_anew()
    {
        Write(Whole(Small()), Changes(2, [Door("b", "vpc-a", "10.0.1.11")]), Whole([Network("vpc-z")], 1, "e2"));
        using var store = Open(out var plan, out _);
        Assert.Equal(("e2", 1L), (plan.Epoch, plan.Revision));
        Assert.Equal(["network/vpc-z"], plan.Entries.Keys);
        Assert.Single(File.ReadAllLines(LogFile));
    }

    [Fact]
    public void Compaction_keeps_the_plan_and_bounds_the_log()
    {
        var held = Held(Small());
        using (var store = Open(out _, out _, multiple: 3, least: 0))
        {
            store.Append(Whole(Small()));
            var compactions = 0;
            for (var revision = 2; revision < 200; revision++)
            {
                var update = Changes(revision, [Door("b", "vpc-a", $"10.0.1.{revision}")]);
                held = revision == 20 ? held : Taken(held, revision == 10 ? Changes(revision, []) : update).Plan;
                if (revision is 10 or 20) continue;
                store.Append(update);
                if (!store.NeedsCompaction) continue;
                store.Compact(held);
                compactions++;
            }
            Assert.InRange(compactions, 5, 100);
            Assert.InRange(store.Length, 1, 20_000);
        }
        using var again = Open(out var plan, out _);
        Assert.Equal(held.Entries.OrderBy(e => e.Key), plan.Entries.OrderBy(e => e.Key));
        Assert.Equal(199, plan.Revision);
    }

    [Fact]
    public void A_crash_during_compaction_leaves_the_old_log()
    {
        Write(Whole(Small()), Changes(2, [Door("b", "vpc-a", "10.0.1.11")]));
        File.WriteAllText(LogFile + ".new", "half a li");
        using var store = Open(out var plan, out var damage);
        Assert.Null(damage);
        Assert.Equal(2, plan.Revision);
    }

    [Fact]
    public void A_rewrite_that_fails_leaves_a_log_that_can_be_written()
    {
        using (var store = Open(out _, out _))
        {
            store.Append(Whole(Small()));
            File.Delete(LogFile);
            Directory.CreateDirectory(LogFile); // no file can be renamed to this
            Assert.True(Record.Exception(() => store.Append(Whole(Small(), 2))) is IOException or UnauthorizedAccessException);
            store.Append(Changes(3, []));
            Directory.Delete(LogFile);
            store.Compact(Taken(HeldPlan.None(Zone), Whole(Small(), 3)).Plan);
            store.Append(Changes(4, [Door("b", "vpc-a", "10.0.1.11")]));
        }
        using var again = Open(out var plan, out var damage);
        Assert.Null(damage);
        Assert.Equal((4L, 7), (plan.Revision, plan.Entries.Count));
    }

    [Fact]
    public void What_could_not_be_kept_is_made_up_for_with_the_next_update()
    {
        using (var store = new PlanStore(_directory, Zone))
        {
            var keeper = new PlanKeeper(Zone, store, new Reconciler(new MemoryFabric(), new NullDataPlane(), new WalkLog(NullLogger<WalkLog>.Instance)), NullLogger<PlanKeeper>.Instance);
            keeper.Start();
            keeper.Take(Whole([Network("vpc-a")]));
            Directory.CreateDirectory(LogFile + ".new"); // in the way of a rewrite
            keeper.Take(Whole(Small(), 2));
            Assert.Contains("not kept on disk", Assert.Single(keeper.Standing.Troubles).Reason);
            Directory.Delete(LogFile + ".new");
            keeper.Take(Changes(3, [Network("vpc-z")]));
            Assert.Empty(keeper.Standing.Troubles);
        }
        using var again = Open(out var plan, out var damage);
        Assert.Null(damage);
        Assert.Equal((3L, 7), (plan.Revision, plan.Entries.Count));
    }

    /// <summary>/proc knows no fsync of a directory, as some file systems do not.</summary>
    [Fact]
    public void A_directory_that_cannot_be_brought_to_the_medium_is_left_and_one_that_is_not_there_is_an_IO_error()
    {
        Native.SyncDirectory("/proc");
        Assert.Throws<IOException>(() => Native.SyncDirectory(Path.Combine(_directory, "none")));
    }

    [Fact]
    public void A_line_that_a_newer_agent_wrote_ends_the_log_there()
    {
        Write(Whole(Small()));
        var json = """{"zoneId":"z1","epoch":"e1","revision":2,"whole":false,"entries":[{"kind":"tunnel","key":"tunnel/1"}]}""";
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..16];
        File.AppendAllText(LogFile, $"{checksum} {json}\n");
        using var store = Open(out var plan, out var damage);
        Assert.Equal(1, plan.Revision);
        Assert.Contains("no plan that this version can read", damage);
    }

    [Fact]
    public void The_log_of_another_zone_is_not_taken()
    {
        Write(Whole(Small()));
        using var store = Open(out var plan, out var damage, zone: "z9");
        Assert.False(plan.IsTaken);
        Assert.Contains("serves 'z9'", damage);
    }
}
