using PrivateLinkCloud.Notifier.Tests.Support;

namespace PrivateLinkCloud.Notifier.Tests;

public sealed class FairnessTests(Components components) : IClassFixture<Components>
{
    [Fact]
    public async Task A_slow_destination_takes_its_share_and_delays_nobody_else()
    {
        components.Need();
        var released = new TaskCompletionSource();
        await using var slow = await Receiver.Start((_, _) => released.Task);
        await using var quick = await Receiver.Start();
        await using var notifier = await RunningNotifier.Start(components, ["Delivery:Concurrency=6", "Delivery:ConcurrencyPerDestination=2"]);
        await using var publisher = await Publisher.Start(components.Broker);
        // Many subscriptions each, as one server may have: only the share per destination keeps the slow one in bounds.
        await publisher.Send(Enumerable.Range(0, 40).Select(i => Due.To(slow.Url, subscription: $"slow {i}")));
        await slow.Until(2);
        await publisher.Send(Enumerable.Range(0, 40).Select(i => Due.To(quick.Url, subscription: $"quick {i}")));
        await quick.Until(40);
        Assert.Equal(2, slow.Requests.Count);
        released.SetResult();
        await slow.Until(40);
    }

    [Fact]
    public async Task First_attempts_keep_the_queues_order_and_retries_hold_nothing_back()
    {
        components.Need();
        var sent = new List<string>();
        await using var receiver = await Receiver.Start((request, context) =>
        {
            if (request.Id == sent[0]) context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        var dues = Enumerable.Range(0, 60).Select(_ => Due.To(receiver.Url, subscription: "in order")).ToList();
        sent.AddRange(dues.Select(d => d.Id));
        await using var notifier = await RunningNotifier.Start(components, ["Delivery:ScheduleSeconds=0,3600"]);
        await using var publisher = await Publisher.Start(components.Broker);
        await publisher.Send(dues);
        await receiver.Until(60);
        Assert.Equal(sent, receiver.Requests.Select(r => r.Id));
    }

    [Fact]
    public async Task A_first_attempt_under_way_holds_its_subscription_and_no_other()
    {
        components.Need();
        var released = new TaskCompletionSource();
        var held = Due.To("http://placeholder/");
        await using var receiver = await Receiver.Start((request, _) => request.Id == held.Id ? released.Task : Task.CompletedTask);
        held = held with { Destination = receiver.Url.ToString(), SubscriptionArn = "one" };
        var behind = Due.To(receiver.Url, subscription: "one");
        var other = Due.To(receiver.Url, subscription: "other");
        await using var notifier = await RunningNotifier.Start(components);
        await using var publisher = await Publisher.Start(components.Broker);
        await publisher.Send(held, behind, other);
        await receiver.Until(2);
        Assert.Equal(new HashSet<string>([held.Id, other.Id]), [.. receiver.Requests.Select(r => r.Id)]);
        released.SetResult();
        await receiver.Until(3);
        Assert.Equal(behind.Id, receiver.Requests[2].Id);
    }

    [Fact]
    public async Task Two_notifiers_share_the_work_and_send_nothing_twice()
    {
        components.Need();
        await using var receiver = await Receiver.Start();
        await using var first = await RunningNotifier.Start(components);
        await using var second = await RunningNotifier.Start(components);
        await using var publisher = await Publisher.Start(components.Broker);
        var dues = Enumerable.Range(0, 300).Select(i => Due.To(receiver.Url, subscription: $"shared {i % 10}")).ToList();
        await publisher.Send(dues);
        await receiver.Until(300);
        foreach (var due in dues) await components.Reaches(due.Id, "delivered");
        Assert.Equal(dues.Select(d => d.Id).Order(), receiver.Requests.Select(r => r.Id).Order());
    }
}
