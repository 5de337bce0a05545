using System.Security.Cryptography;
using System.Text;

namespace PrivateLinkCloud.Lab;

/// <summary>Where one lab keeps what it owns. Everything is found again from the path alone, so that <c>down</c> works with no other memory.</summary>
/// <param name="root">Absolute path of the lab's directory.</param>
/// <param name="deploy">Absolute path of the checkout's <c>deploy</c> directory.</param>
public sealed class LabDirectory(string root, string deploy)
{
    public string Root => root;

    /// <summary>Front of the name of every namespace of this lab; two labs in two directories never meet.</summary>
    public string Instance { get; } = "lab" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..6];
    public string LabJson => Path.Combine(root, "lab.json");
    public string Records => Path.Combine(root, "processes");
    public string Logs => Path.Combine(root, "logs");
    public string Tokens => Path.Combine(root, "tokens");
    public string Agents => Path.Combine(root, "agents");
    public string Components => Path.Combine(root, "components");

    /// <summary>The provider's databases. A directory that an unprivileged user can reach even when the lab lies below /root.</summary>
    public string TargetDatabases => $"/var/tmp/plc-{Instance}-targets";
    public string Migrations => Path.Combine(deploy, "..", "migrations");

    public string Log(string role) => Path.Combine(Logs, role + ".log");
    public string Script(string name) => Path.Combine(deploy, name);

    public string Programs => Path.Combine(root, "app");

    /// <summary>Programs on their way out; lab.sh removes what a killed teardown leaves of them.</summary>
    public string OldPrograms => Path.Combine(root, "app.old");

    /// <summary>The lab runs its own copy of each program: building the checkout again does not pull a running lab's files away.</summary>
    public string Program(string project) => Path.Combine(Programs, project, $"PrivateLinkCloud.{project}.dll");

    /// <summary>Holds the directory for this process; the kernel lets go of it however the process ends.</summary>
    public IDisposable Lock()
    {
        Directory.CreateDirectory(root);
        try
        {
            return new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new LabException($"A lab already runs from {root}. End it with Ctrl-C where it runs or with `deploy/lab.sh down`, or set PLC_LAB_DIR to another directory.");
        }
    }

    /// <summary>Role of the lab itself in the records.</summary>
    public const string OwnRole = "lab";

    /// <summary>So that <c>down</c> finds a lab that still stands.</summary>
    public void RecordOurselves() => File.AppendAllText(Records, $"{OwnRole} {Environment.ProcessId} {LabProcess.StartOf(Environment.ProcessId)}\n");

    /// <summary>Of a failure nobody foresaw, for whoever repairs the lab.</summary>
    public void KeepTrace(Exception failure)
    {
        try
        {
            File.WriteAllText(Log(OwnRole), failure.ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its message has been said; ending what runs matters more.
        }
    }

    public void Prepare()
    {
        foreach (var directory in (string[])[Logs, Tokens, Agents, Components]) Directory.CreateDirectory(directory);
    }
}
