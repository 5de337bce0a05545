using PrivateLinkCloud.Lab;
using PrivateLinkCloud.Lab.Clients;

// Called by deploy/lab.sh. The other modes are the lab's own servers and clients, run inside a tenant's network.
try
{
    return args switch
    {
        ["run", var root, var deploy, .. var rest] => await LabRun.RunAsync(new LabDirectory(root, deploy), once: rest is ["--once"]),
        ["down", var root, var deploy] => await LabDown.RunAsync(new LabDirectory(root, deploy)),
        ["serve-page", var address, var port, var zoneId] => await PageServer.RunAsync(address, Number(port), zoneId),
        ["client", "first-byte", var resolver, var name, var port] => await FirstByteClient.RunAsync(resolver, name, Number(port), TimeSpan.FromMinutes(2)),
        ["client", "resolve", var resolver, var name, var count] => await SmallClients.ResolveAsync(resolver, name, Number(count)),
        ["client", "fetch", var url] => await SmallClients.FetchAsync(url),
        ["client", "query", var connection, var sql] => await SmallClients.QueryAsync(connection, sql),
        _ => Usage(),
    };
}
catch (LabException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("Run deploy/lab.sh; this program is its inside.");
    return 2;
}
