using PrivateLinkCloud.Domain.Topics;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

public sealed class TopicTests
{
    private const string Arn = "arn:aws:sns:us-east-1:111111111111:connections";
    private const string Hook = "https://hooks.example.com/plc?team=net";
    private static readonly TopicCreated Created = new(Arn, Provider, "connections", Now);
    private static readonly TopicSubscribed Subscribed = new(Arn, Arn + ":1", "https", Hook, "whsec_c2VjcmV0", Now);
    private static Story<Topic> ATopic => Laws.Topics.Given(Created);

    [Fact]
    public void A_topic_is_created_once()
    {
        Laws.Topics.When(Create()).Then(Created).Releasing();
        ATopic.When(Create()).ThenNothing();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("topic\n")]
    public void A_name_is_letters_digits_hyphens_and_underscores(string? name) => Laws.Topics.When(Create() with { Name = name }).ThenRefused("InvalidTopicName");

    [Fact]
    public void A_deleted_topics_name_may_be_used_again_and_starts_empty()
    {
        var anew = ATopic.Given(Subscribed, new TopicDeleted(Arn, Now)).When(Create()).Then(Created)
            .Releasing((TopicDecider.UseScope(Arn), Claim.ClosedMark, Claim.ClosedMark));
        Assert.Empty(((Topic)anew.After!).Subscriptions);
    }

    [Fact]
    public void A_webhook_is_subscribed_once()
    {
        ATopic.When(Subscribe(Hook)).Then(Subscribed);
        ATopic.Given(Subscribed).When(Subscribe(Hook)).ThenRefused("SubscriptionExists", RejectionKind.Conflict);
    }

    [Theory]
    [InlineData("ftp")]
    [InlineData("email")]
    [InlineData(null)]
    public void A_protocol_is_https_or_http(string? protocol) => ATopic.When(Subscribe(Hook) with { Protocol = protocol }).ThenRefused("InvalidProtocol");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/relative")]
    [InlineData("http://hooks.example.com/")] // the protocol says https
    [InlineData("https://user:password@hooks.example.com/")]
    [InlineData("https://hooks.example.com/#fragment")]
    [InlineData("https://")]
    public void A_destination_is_an_absolute_url_without_credentials_and_fragment(string? destination) => ATopic.When(Subscribe(destination)).ThenRefused("InvalidDestination");

    [Fact]
    public void A_destination_has_at_most_2048_characters() => ATopic.When(Subscribe("https://hooks.example.com/" + new string('a', 2048))).ThenRefused("InvalidDestination");

    [Fact]
    public void The_hundred_and_first_subscription_is_refused() =>
        ATopic.Given([.. Enumerable.Range(0, TopicDecider.SubscriptionsPerTopic).Select(i => Subscribed with { Destination = $"https://h{i}.example.com/", SubscriptionArn = $"{Arn}:{i}" })])
            .When(Subscribe(Hook)).ThenRefused("SubscriptionLimitExceeded", RejectionKind.LimitExceeded);

    [Fact]
    public void Unsubscribing_takes_away_that_subscription()
    {
        ATopic.Given(Subscribed).When(new Unsubscribe(Subscribed.SubscriptionArn, Now)).Then(new TopicUnsubscribed(Arn, Subscribed.SubscriptionArn, Now));
        ATopic.When(new Unsubscribe(Subscribed.SubscriptionArn, Now)).ThenNothing();
    }

    [Fact]
    public void A_topic_is_deleted_unless_notifications_publish_to_it() =>
        ATopic.When(new DeleteTopic(Now)).Then(new TopicDeleted(Arn, Now)).UnlessUsed((TopicDecider.UseScope(Arn), "ResourceInUse"));

    private static CreateTopic Create() => new(Arn, Provider, "connections", Now);
    private static Subscribe Subscribe(string? destination) => new(Subscribed.SubscriptionArn, "https", destination, Subscribed.Secret, Now);
}
