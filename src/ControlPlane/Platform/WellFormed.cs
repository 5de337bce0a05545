using System.Collections;
using System.Reflection;
using PrivateLinkCloud.Domain;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>
/// Route filter: refuses ids that cannot be ids, wherever a request carries one, and lists with nothing in a place. It goes by the names
/// of parameters and body fields: what is called <c>vpcId</c> holds a VPC's id. So a new route is covered without a word of its own.
/// </summary>
public static class WellFormed
{
    private sealed record Grammar(Func<string, bool> Fits, string Code, string Form);

    /// <summary>The vendor's codes where it has one; it spells Id and ID as it pleases.</summary>
    private static readonly Dictionary<string, Grammar> Grammars = new(StringComparer.OrdinalIgnoreCase)
    {
        ["vpcId"] = Id("vpc", "InvalidVpcID.Malformed"),
        ["subnetId"] = Id("subnet", "InvalidSubnetID.Malformed"),
        ["subnetIds"] = Id("subnet", "InvalidSubnetID.Malformed"),
        ["endpointId"] = Id("vpce", "InvalidVpcEndpointId.Malformed"),
        ["serviceId"] = Id("vpce-svc", "InvalidVpcEndpointServiceId.Malformed"),
        ["notificationId"] = Id("vpce-nfn", "InvalidConnectionNotificationId.Malformed"),
        ["networkInterfaceId"] = Id("eni", "InvalidNetworkInterfaceID.Malformed"),
        ["loadBalancerId"] = new(Names.IsArnTail, "InvalidLoadBalancerId.Malformed", "as 16 hexadecimal digits in lower case"),
        ["loadBalancerArns"] = new(Names.IsLoadBalancerArn, "InvalidLoadBalancerArn.Malformed", "arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/net/<name>/<id>"),
        ["targetGroupId"] = new(Names.IsArnTail, "InvalidTargetGroupId.Malformed", "as 16 hexadecimal digits in lower case"),
        ["targetGroupArn"] = new(Names.IsTargetGroupArn, "InvalidTargetGroupArn.Malformed", "arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>"),
        ["topicArn"] = new(Names.IsTopicArn, "InvalidTopicArn.Malformed", "arn:aws:sns:<region>:<account>:<name>"),
        ["subscriptionId"] = new(id => Guid.TryParseExact(id, "D", out _), "InvalidSubscriptionId.Malformed", "as a UUID"),
        ["region"] = new(Names.IsRegion, "InvalidRegion", "like us-east-1"),
        ["account"] = new(Names.IsAccount, "InvalidAccount", "as 12 digits"),
    };

    private static Grammar Id(string prefix, string code) => new(id => Names.IsId(prefix, id), code, $"{prefix}- and 17 hexadecimal digits in lower case");

    /// <summary>What there is to look at is found once per route, when it is mapped.</summary>
    public static EndpointFilterDelegate Filter(EndpointFilterFactoryContext route, EndpointFilterDelegate next)
    {
        var looks = route.MethodInfo.GetParameters().SelectMany(Looks).ToArray();
        return looks.Length == 0 ? next : async context =>
            looks.Select(look => look(context.Arguments)).FirstOrDefault(fault => fault is not null) is { } fault ? Problems.From(fault) : await next(context);
    }

    private static IEnumerable<Func<IList<object?>, Rejection?>> Looks(ParameterInfo parameter)
    {
        var at = parameter.Position;
        if (parameter.ParameterType == typeof(string)) return [arguments => Fault(parameter.Name!, arguments[at])];
        return IsBody(parameter.ParameterType) ? parameter.ParameterType.GetProperties().Select(BodyLook) : [];

        Func<IList<object?>, Rejection?> BodyLook(PropertyInfo field) => arguments => arguments[at] is { } body ? Fault(field.Name, field.GetValue(body)) : null;
    }

    private static bool IsBody(Type type) => type.Assembly == typeof(WellFormed).Assembly && type.Name.EndsWith("Body", StringComparison.Ordinal);

    private static Rejection? Fault(string name, object? value) => value switch
    {
        string id => MalformedId(name, id),
        IEnumerable list => list.Cast<object?>().Select((item, i) => item is null ? Nothing(name, i) : item is string id ? MalformedId(name, id) : null).FirstOrDefault(fault => fault is not null),
        _ => null,
    };

    private static Rejection? MalformedId(string name, string id) =>
        Grammars.TryGetValue(name, out var grammar) && !grammar.Fits(id) ? Rejection.Invalid(grammar.Code, $"'{id}' cannot be one of this kind. It is written {grammar.Form}.") : null;

    /// <summary>The serializer refuses null for a field, but not inside a list.</summary>
    private static Rejection Nothing(string field, int index) =>
        Rejection.Invalid("InvalidBody", $"The body has null at $.{char.ToLowerInvariant(field[0])}{field[1..]}[{index}]. Leave it out, or put a value there.");
}
