using System.Diagnostics;

namespace PrivateLinkCloud.EndToEnd.Tests;

/// <summary><c>deploy/install.sh</c> and what it must not do to a machine. Each script runs in a mount namespace of its own, so what it writes
/// to the system's directories is seen by nobody else and gone with it.</summary>
public sealed class InstallTests : IDisposable
{
    /// <summary>Everything of <c>/usr/bin</c> is there, but no curl, so that there is something to install; apt and systemd only take notes. Before
    /// apt ran, the administrator had epmd enabled and RabbitMQ not installed.</summary>
    private const string Stubs = """
        mkdir bin && ln -s /usr/bin/* bin/ && rm -f bin/{curl,apt-get,apt-cache,systemctl}
        printf '#!/bin/sh\nshift 3; echo "apt-get $*" >>notes; [ "$1" != install ] || touch installed; cp /usr/sbin/policy-rc.d left 2>/dev/null; exit 0\n' >bin/apt-get
        printf '#!/bin/sh\necho dotnet-sdk-10.0\n' >bin/apt-cache
        cat >bin/systemctl <<'SYSTEMCTL'
        #!/bin/sh
        case "$1 $3" in
          "is-enabled epmd.service") exit 0 ;;
          "is-enabled rabbitmq-server.service") [ -e installed ] ;;
          "is-enabled "*) exit 1 ;;
          *) echo "systemctl $*" >>notes ;;
        esac
        SYSTEMCTL
        chmod +x bin/apt-get bin/apt-cache bin/systemctl
        PATH=$PWD/bin
        """;

    private const string Policy = "/usr/sbin/policy-rc.d";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("plc-installtest-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_unit_that_was_enabled_before_stays_enabled()
    {
        var output = await RunAsync($"{Stubs}\n{Install}; cat notes");
        Assert.Contains("apt-get install", output, StringComparison.Ordinal);
        Assert.Contains("systemctl disable -q rabbitmq-server.service", output, StringComparison.Ordinal);
        Assert.DoesNotContain("epmd", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_a_killed_installation_left_is_removed_and_the_administrators_own_is_kept()
    {
        // The one that apt sees is what a kill -9 leaves.
        var output = await RunAsync($"""
            {Stubs}
            rm -f {Policy}; {Install}; test ! -e {Policy} && echo removed after use
            cp left {Policy}; ln -s /usr/bin/curl bin/curl
            {Install}; test ! -e {Policy} && echo removed when found
            echo 'exit 104' >{Policy}; rm bin/curl
            {Install}; cat {Policy}
            """);
        Assert.Contains("removed after use", output, StringComparison.Ordinal);
        Assert.Contains("removed when found", output, StringComparison.Ordinal);
        Assert.EndsWith("exit 104", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_component_that_is_not_installed_is_named()
    {
        var output = await RunAsync($"mount -t tmpfs tmpfs /usr/lib/rabbitmq; {LabCommand.Checkout}/deploy/components.sh rabbitmq up $PWD/components || true");
        Assert.Contains("RabbitMQ is not installed", output, StringComparison.Ordinal);
    }

    private static string Install => $"{LabCommand.Checkout}/deploy/install.sh lab";

    private async Task<string> RunAsync(string script)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a mount namespace takes root");
        const string begin = "set -e; mount -t tmpfs tmpfs $PWD; cd $PWD; mkdir upper work; mount -t overlay overlay -o lowerdir=/usr/sbin,upperdir=upper,workdir=work /usr/sbin\n";
        using var process = Process.Start(new ProcessStartInfo("unshare", ["--mount", "bash", "-c", begin + script]) { WorkingDirectory = _directory.FullName, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var all = await errors + await output;
        Assert.True(process.ExitCode == 0, all);
        return all;
    }
}
