using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using PrivateLinkCloud.Containers;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

// Called by tests/prelude.sh: PostgreSQL and RabbitMQ in containers for as long as standard input is open, their addresses as
// NAME='value' lines, then an empty line. Status 3 and a reason: no Docker engine answers.
const int Management = 15672;
const string User = "plc";

// Ctrl-C is for the script too, which then closes our input: the containers end in order.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
if (await DockerEngine.WhyItDoesNotAnswerAsync(CancellationToken.None) is { } reason)
{
    Console.WriteLine(reason);
    return 3;
}
var password = Guid.NewGuid().ToString("N");
await using var postgres = new PostgreSqlBuilder(ComponentImages.Postgres).WithLogger(NullLogger.Instance)
    .WithUsername(User).WithPassword(password).WithDatabase("postgres")
    // As deploy/components/postgres.sh has them; the suite opens more sessions than the default allows.
    .WithCommand("-c", "max_connections=200", "-c", "client_connection_check_interval=500ms").Build();
await using var rabbitmq = new RabbitMqBuilder(ComponentImages.RabbitMq).WithLogger(NullLogger.Instance)
    .WithUsername(User).WithPassword(password).WithPortBinding(Management, assignRandomHostPort: true).Build();
await Task.WhenAll(postgres.StartAsync(), rabbitmq.StartAsync());

Console.WriteLine($"PLC_TEST_POSTGRES='{postgres.GetConnectionString()}'");
Console.WriteLine($"PLC_TEST_RABBITMQ='{rabbitmq.GetConnectionString()}'");
Console.WriteLine($"PLC_TEST_RABBITMQ_HTTP='http://{User}:{password}@{rabbitmq.Hostname}:{rabbitmq.GetMappedPublicPort(Management)}'");
Console.WriteLine();
await Console.In.ReadToEndAsync();
return 0;
