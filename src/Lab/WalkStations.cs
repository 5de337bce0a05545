namespace PrivateLinkCloud.Lab;

/// <summary>The ten stations from a request to a byte: each is one file to read, and leaves one kind of record.</summary>
/// <param name="EventId">Of the station's log records, in whichever process writes them.</param>
public sealed record WalkStation(int Number, string File, int EventId)
{
    /// <summary>Stations 1–5 see every command; this is the one whose walk is shown.</summary>
    public const string Command = "AcceptEndpointConnection";
    private const int LastOfTheCommand = 5;

    public static readonly IReadOnlyList<WalkStation> All =
    [
        new(1, "ControlPlane/InterfaceEndpoints/InterfaceEndpointRoutes.cs", 1001),
        new(2, "ControlPlane/Platform/CommandHandling.cs", 1002),
        new(3, "Domain/InterfaceEndpoints/InterfaceEndpointDecider.cs", 1003),
        new(4, "Domain/InterfaceEndpoints/InterfaceEndpointEvents.cs", 1004),
        new(5, "ControlPlane/InterfaceEndpoints/InterfaceEndpointView.cs", 1005),
        new(6, "Domain/Zones/ZonePlanner.cs", 1006),
        new(7, "ControlPlane/Zones/ZonePlanPublisher.cs", 1007),
        new(8, "ZoneAgent/Reconciler.cs", 1008),
        new(9, "DataPlane/ and its twin Dns/", 1009),
        new(10, "ControlPlane/Zones/ZoneReportRoutes.cs", 1010),
    ];

    public bool IsMarkedBy(WalkRecord record) => record.EventId == EventId && (Number > LastOfTheCommand || record.Command == Command);
}
