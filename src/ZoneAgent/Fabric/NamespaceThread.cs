using System.Collections.Concurrent;
using System.ComponentModel;
using Microsoft.Win32.SafeHandles;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>
/// One thread that goes into a network namespace, does something short, and comes back. A socket keeps for life the namespace it
/// was made in, so that everything else (accept, receive, send) goes on anywhere. Entering costs about a microsecond, the hop
/// to this thread about fifteen.
/// </summary>
public sealed class NamespaceThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private SafeFileHandle? _home;

    public NamespaceThread()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "namespaces" };
        _thread.Start();
    }

    /// <summary>Runs <paramref name="body"/> inside the namespace at <paramref name="path"/> and returns its result, or throws its exception.</summary>
    public T In<T>(string path, Func<T> body)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => Enter(path, body, done));
        return done.Task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Run()
    {
        _home = Native.OpenNamespace("/proc/thread-self/ns/net");
        foreach (var work in _work.GetConsumingEnumerable()) work();
        _home.Dispose();
    }

    private void Enter<T>(string path, Func<T> body, TaskCompletionSource<T> done)
    {
        try
        {
            // Opened anew each time: a kept handle would go on meaning a namespace that was deleted and made again.
            using var there = Native.OpenNamespace(path);
            Native.EnterNamespace(there);
            try
            {
                done.SetResult(body());
            }
            finally
            {
                GoHome();
            }
        }
        catch (Exception e)
        {
            done.TrySetException(e); // the caller waits for exactly this
        }
    }

    private void GoHome()
    {
        try
        {
            Native.EnterNamespace(_home!);
        }
        catch (Win32Exception e)
        {
            // From here on every socket would be made in somebody's network without anyone noticing.
            Environment.FailFast("the namespace thread cannot leave a network", e);
        }
    }
}
