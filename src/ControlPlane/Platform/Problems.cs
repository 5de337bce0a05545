using Microsoft.AspNetCore.Mvc;
using PrivateLinkCloud.Domain;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>The one table from refusals to HTTP: RFC 9457 bodies with the stable <c>code</c>.</summary>
public static class Problems
{
    public static int StatusOf(RejectionKind kind) => kind switch
    {
        RejectionKind.Invalid => StatusCodes.Status400BadRequest,
        RejectionKind.NotFound => StatusCodes.Status404NotFound,
        RejectionKind.Forbidden => StatusCodes.Status403Forbidden,
        RejectionKind.Conflict => StatusCodes.Status409Conflict,
        RejectionKind.LimitExceeded => StatusCodes.Status429TooManyRequests,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static IResult From(Rejection rejection) => Of(StatusOf(rejection.Kind), rejection.Code, rejection.Reason);

    public static IResult Of(int status, string code, string detail) => TypedResults.Problem(Details(status, code, detail));

    public static ProblemDetails Details(int status, string code, string detail) => new()
    {
        Type = $"urn:privatelinkcloud:problem:{code}",
        Title = Titles.GetValueOrDefault(status, "Refused"),
        Status = status,
        Detail = detail,
        Extensions = { ["code"] = code },
    };

    private static readonly Dictionary<int, string> Titles = new()
    {
        [400] = "The request is not valid", [401] = "Who are you?", [403] = "Not permitted", [404] = "Not found", [405] = "Method not allowed",
        [409] = "Conflict with the present state", [413] = "Too large", [415] = "Send JSON", [422] = "The idempotency key was used for another request", [429] = "A limit is reached", [500] = "Our fault", [503] = "Not now",
    };
}
