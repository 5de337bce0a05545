namespace PrivateLinkCloud.Dns.Tests;

public sealed class RotationTests
{
    private const RecordType A = RecordType.A, Aaaa = RecordType.Aaaa;

    [Fact]
    public void A_thousand_queries_alternate_between_two_doors()
    {
        var firsts = Firsts(new AnswerRotation(), Enumerable.Repeat((Vpc.Regional, A), 1000));
        Assert.InRange(firsts.Count(data => data == "10.0.1.10"), 490, 510);
        Assert.InRange(firsts.Count(data => data == "10.0.2.10"), 490, 510);
        Assert.DoesNotContain(firsts.Zip(firsts.Skip(1)), pair => pair.First == pair.Second);
    }

    [Fact]
    public void A_client_that_also_asks_for_aaaa_sees_both_doors_first() =>
        Assert.Equal(["10.0.1.10", "10.0.2.10", "10.0.1.10"], Firsts(new AnswerRotation(), [(Vpc.Regional, A), (Vpc.Regional, Aaaa), (Vpc.Regional, A), (Vpc.Regional, Aaaa), (Vpc.Regional, A)]));

    [Fact]
    public void Names_asked_by_turns_rotate_each_for_itself() =>
        Assert.Equal(["10.0.1.10", "10.0.1.10", "10.0.2.10", "10.0.2.10"], Firsts(new AnswerRotation(), [(Vpc.Regional, A), (Vpc.Private, A), (Vpc.Regional, A), (Vpc.Private, A)]));

    [Fact]
    public void Rotation_keeps_all_doors_and_their_ring_order()
    {
        var doors = Enumerable.Range(1, 5).Select(i => Vpc.Door($"d{i}", $"10.0.0.{i}")).ToArray();
        var view = Vpc.View.With(Vpc.Name("five.vpce.example.net", overlay: false, 60, doors));
        for (uint turn = 0; turn < 11; turn++)
        {
            var expected = Enumerable.Range(0, 5).Select(i => $"10.0.0.{(i + turn) % 5 + 1}");
            Assert.Equal(expected, Vpc.Ask("five.vpce.example.net", rotation: turn, view: view).Answers.Select(record => record.Data));
        }
    }

    [Fact]
    public void The_counter_may_overflow() =>
        Assert.Equal(2, Vpc.Ask(Vpc.Regional, rotation: uint.MaxValue).Answers.Count);

    private static List<string> Firsts(AnswerRotation rotation, IEnumerable<(string Name, RecordType Type)> queries) =>
        [.. queries.Select(query => Vpc.Reply(Resolver.Resolve(QueryWriter.Write(1, query.Name, query.Type), Transport.Udp, Vpc.View, _ => true, rotation.Next)))
            .Where(reply => reply.Answers.Count > 0).Select(reply => reply.Answers[0].Data)];
}
