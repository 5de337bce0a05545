using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Domain;

/// <summary>How the field's things are called: id and ARN grammars, DNS names (all end in <c>\z</c>: <c>$</c> would let a line feed through). <see cref="Naming"/> holds what an operator may configure.</summary>
public static partial class Names
{
    public static bool IsAccount(string? text) => text is not null && AccountPattern().IsMatch(text);
    public static bool IsDnsName(string? text) => text is { Length: <= 253 } && DnsNamePattern().IsMatch(text);
    public static bool IsResourceName(string? text) => text is not null && ResourceNamePattern().IsMatch(text);

    public static bool IsRegion(string? text) => text is not null && RegionPattern().IsMatch(text);
    public static bool IsLoadBalancerArn(string? text) => text is not null && LoadBalancerArnPattern().IsMatch(text);
    public static bool IsTargetGroupArn(string? text) => text is not null && TargetGroupArnPattern().IsMatch(text);
    public static bool IsTopicArn(string? text) => text is not null && TopicArnPattern().IsMatch(text);

    /// <summary>The 16 hex digits that end a load balancer's or target group's ARN and are its id.</summary>
    public static bool IsArnTail(string? text) => text is not null && ArnTailPattern().IsMatch(text);

    /// <summary><c>vpc-</c> + 17 hex digits and the like.</summary>
    public static bool IsId(string prefix, string? text) =>
        text is not null && text.Length == prefix.Length + 18 && text.StartsWith(prefix, StringComparison.Ordinal) && text[prefix.Length] == '-' && HexPattern().IsMatch(text[(prefix.Length + 1)..]);

    /// <summary>The last part of an ARN is the id we store under; a bare id is taken as it is.</summary>
    public static string IdOfArn(string arn) => arn[(arn.LastIndexOf('/') + 1)..];

    public static string RegionOfArn(string arn) => arn.Split(':') is [_, _, _, var region, ..] ? region : "";

    /// <summary>Rules §2.3: <c>arn:aws:iam::&lt;account&gt;:root</c>, <c>:user/…</c>, <c>:role/…</c>, or <c>*</c>.</summary>
    public static bool IsPrincipal(string partition, string? text) =>
        text == "*" || (text is not null && text.StartsWith($"arn:{partition}:iam::", StringComparison.Ordinal) && PrincipalTailPattern().IsMatch(text[$"arn:{partition}:iam::".Length..]));

    /// <summary>Whether an allowed principal covers a whole account. User and role principals are matched by the caller's own ARN, which must be
    /// of the account the caller acts for: an identity provider may let people fill in claims.</summary>
    public static bool Covers(string principal, string partition, string account, string? callerArn) =>
        principal == "*" || principal == $"arn:{partition}:iam::{account}:root" || (principal == callerArn && principal.StartsWith($"arn:{partition}:iam::{account}:", StringComparison.Ordinal));

    [GeneratedRegex(@"^[0-9]{12}\z")] private static partial Regex AccountPattern();
    [GeneratedRegex(@"^[0-9a-f]{17}\z")] private static partial Regex HexPattern();
    [GeneratedRegex(@"^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?\z")] private static partial Regex ResourceNamePattern();
    [GeneratedRegex(@"^[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}\z")] private static partial Regex RegionPattern();
    [GeneratedRegex(@"^[0-9a-f]{16}\z")] private static partial Regex ArnTailPattern();
    [GeneratedRegex(@"^arn:[^:\s]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:loadbalancer/net/[a-zA-Z0-9-]{1,32}/[0-9a-f]{16}\z")] private static partial Regex LoadBalancerArnPattern();
    [GeneratedRegex(@"^arn:[^:\s]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:targetgroup/[a-zA-Z0-9-]{1,32}/[0-9a-f]{16}\z")] private static partial Regex TargetGroupArnPattern();
    [GeneratedRegex(@"^arn:[^:\s]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}\z")] private static partial Regex TopicArnPattern();
    [GeneratedRegex(@"^[0-9]{12}:(?:root|user/[A-Za-z0-9+=,.@_/-]{1,128}|role/[A-Za-z0-9+=,.@_/-]{1,128})\z")] private static partial Regex PrincipalTailPattern();
    [GeneratedRegex(@"^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\z")] private static partial Regex DnsNamePattern();
}

/// <param name="Partition">Middle of every ARN; the ecosystem's tools check it, so the default is <c>aws</c>.</param>
/// <param name="ServicePrefix">Front of a service's name: <c>com.amazonaws.vpce.us-east-1.vpce-svc-…</c>.</param>
/// <param name="EndpointDomain">What endpoint names end in; <c>vpce.amazonaws.com</c> gives exactly the whitepaper's examples (S-32).</param>
public sealed record Naming(string Partition, string ServicePrefix, string EndpointDomain)
{
    public static Naming Default { get; } = new("aws", "com.amazonaws.vpce", "vpce.plc.internal");

    public string ServiceName(string region, string serviceId) => $"{ServicePrefix}.{region}.{serviceId}";
    public string LoadBalancerArn(string region, string account, string name, string id) => $"arn:{Partition}:elasticloadbalancing:{region}:{account}:loadbalancer/net/{name}/{id}";
    public string TargetGroupArn(string region, string account, string name, string id) => $"arn:{Partition}:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{id}";
    public string TopicArn(string region, string account, string name) => $"arn:{Partition}:sns:{region}:{account}:{name}";

    /// <summary>S-30: <c>vpce-&lt;17 hex&gt;-&lt;8 of a-z0-9&gt;.&lt;service&gt;.&lt;region&gt;.vpce.&lt;domain&gt;</c>.</summary>
    public string RegionalName(string endpointId, string suffix, string serviceId, string region) => $"{endpointId}-{suffix}.{serviceId}.{region}.{EndpointDomain}";

    /// <summary>S-31: the zone as the <em>consumer</em> calls it.</summary>
    public string ZonalName(string endpointId, string suffix, string zoneName, string serviceId, string region) => $"{endpointId}-{suffix}-{zoneName}.{serviceId}.{region}.{EndpointDomain}";
}
