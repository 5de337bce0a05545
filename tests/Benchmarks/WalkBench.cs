using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PrivateLinkCloud.Dns;
using PrivateLinkCloud.ZoneAgent.Fabric;

namespace PrivateLinkCloud.Benchmarks;

/// <summary>
/// Accept → first byte through the endpoint, over 200 endpoints in five VPCs of the running product (<c>deploy/lab.sh</c>), after 20 in a sixth
/// to warm it up. All of a VPC's endpoints are requested first; then one after the other is accepted, each when the one before it is
/// available. A client in the VPC asks the resolver for the regional name every few milliseconds, as a program that waits would, and fetches
/// the page as soon as there is an address. The clock starts when the accept is sent.
/// </summary>
public static class WalkBench
{
    private const int Vpcs = 5, EndpointsPerVpc = 40, WarmUp = 20;
    private static readonly byte[] Request = Encoding.ASCII.GetBytes("GET / HTTP/1.0\r\nHost: bench\r\n\r\n");

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var lab = await StandingLab.StartAsync();
        using var thread = new NamespaceThread();
        var cold = await InOneVpcAsync(lab, thread, "bench-cold", WarmUp);
        Console.WriteLine($"  {cold.Count} to warm up: p50 {Text(cold.Percentile(50))} ms, not counted");
        var times = new List<double>();
        for (var v = 0; v < Vpcs; v++)
        {
            times.AddRange(await InOneVpcAsync(lab, thread, $"bench{v}", EndpointsPerVpc));
            Console.WriteLine($"  {times.Count} endpoints: p50 {Text(times.Percentile(50))} ms so far");
        }
        return [Figure.AtMost("accept -> first byte, p50", times.Percentile(50), "ms", 60), Figure.AtMost("accept -> first byte, p99", times.Percentile(99), "ms", 250)];
    }

    private static async Task<List<double>> InOneVpcAsync(StandingLab lab, NamespaceThread thread, string name, int count)
    {
        var (vpc, subnets) = await lab.NetworkAsync();
        var instance = await lab.InstanceAsync(vpc, name, "10.0.1.250");
        var endpoints = new List<(string Id, string Name)>();
        for (var i = 0; i < count; i++) endpoints.Add(await lab.RequestAsync(vpc, subnets));
        var times = new List<double>();
        foreach (var (id, regionalName) in endpoints)
        {
            times.Add(await OnceAsync(lab, thread, instance, id, regionalName));
            await lab.AvailableAsync(id);
        }
        return times;
    }

    private static string Text(double milliseconds) => milliseconds.ToString("F1", CultureInfo.InvariantCulture);

    private static async Task<double> OnceAsync(StandingLab lab, NamespaceThread thread, string instance, string id, string name)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var waiting = Task.Factory.StartNew(() => FirstByte(thread, instance, name, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.Delay(20, stop.Token); // the client asks by now
        var began = Stopwatch.GetTimestamp();
        await lab.AcceptAsync(id);
        return Stopwatch.GetElapsedTime(began, await waiting).TotalMilliseconds;
    }

    /// <summary>When the first byte came, as a timestamp of the stopwatch.</summary>
    private static long FirstByte(NamespaceThread thread, string instance, string name, CancellationToken stop)
    {
        using var question = SocketIn(thread, instance, SocketType.Dgram, ProtocolType.Udp);
        question.ReceiveTimeout = 200;
        question.Connect(IPAddress.Parse("10.0.0.2"), 53);
        var buffer = new byte[1500];
        for (ushort turn = 1; ; turn++)
        {
            stop.ThrowIfCancellationRequested();
            if (Ask(question, turn, name, buffer) is { } address && Fetch(thread, instance, address, buffer) is { } at) return at;
            stop.WaitHandle.WaitOne(2);
        }
    }

    private static IPAddress? Ask(Socket question, ushort id, string name, byte[] buffer)
    {
        try
        {
            question.Send(QueryWriter.Write(id, name, RecordType.A));
            var answer = DnsMessage.Parse(buffer.AsSpan(0, question.Receive(buffer)));
            return answer.Answers.FirstOrDefault(r => r.Type == RecordType.A) is { } record ? IPAddress.Parse(record.Data) : null;
        }
        catch (SocketException)
        {
            return null; // no resolver yet
        }
    }

    private static long? Fetch(NamespaceThread thread, string instance, IPAddress address, byte[] buffer)
    {
        try
        {
            using var flow = SocketIn(thread, instance, SocketType.Stream, ProtocolType.Tcp);
            flow.ReceiveTimeout = 2000;
            flow.Connect(address, 80);
            flow.Send(Request);
            return flow.Receive(buffer) > 0 ? Stopwatch.GetTimestamp() : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static Socket SocketIn(NamespaceThread thread, string instance, SocketType type, ProtocolType protocol) =>
        thread.In($"/run/netns/{instance}", () => new Socket(AddressFamily.InterNetwork, type, protocol));
}
