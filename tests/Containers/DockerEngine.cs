using DotNet.Testcontainers.Configurations;

namespace PrivateLinkCloud.Containers;

/// <summary>The Docker engine the tests borrow. A laptop may have none; CI must.</summary>
public static class DockerEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Null when an engine answers.</summary>
    public static async Task<string?> WhyItDoesNotAnswerAsync(CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Patience);
        try
        {
            var access = TestcontainersSettings.OS.DockerEndpointAuthConfig;
            if (access is null)
            {
                return "no Docker engine answers: none is configured and none listens at the usual places";
            }

            using var client = access.GetDockerClientBuilder(Guid.Empty).Build();
            await client.System.PingAsync(deadline.Token);
            return null;
        }
        // Whatever the client library throws on a missing socket, a refused call or a time-out, it means the same here.
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            return $"no Docker engine answers: {e.Message}";
        }
    }
}
