using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Notifier.Tests.Support;

namespace PrivateLinkCloud.Notifier.Tests;

public sealed class PoisonTests(Components components) : IClassFixture<Components>
{
    [Fact]
    public async Task A_message_that_cannot_be_stored_goes_to_the_error_queue_and_holds_up_nobody()
    {
        components.Need();
        await using var receiver = await Receiver.Start();
        await using var notifier = await RunningNotifier.Start(components);
        await using var publisher = await Publisher.Start(components.Broker);
        await publisher.Send(Due.To(receiver.Url) with { Body = "a NUL \0 that PostgreSQL holds in no text" }, Due.To(receiver.Url));
        await receiver.Until(1);
        await Poll.Until(async () => await components.Broker.Depth(DueNotification.Queue + "_error") == 1, () => "nothing in the error queue");
    }
}
