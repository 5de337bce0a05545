namespace PrivateLinkCloud.Notifier.Deliveries;

/// <summary>How many attempts this process has under way, in all and per destination. The lock guards the counts: attempts end on any thread.</summary>
public sealed class InFlight(int most)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> counts = [];
    private int total;

    /// <summary>How many more may begin.</summary>
    public int Room
    {
        get { lock (gate) return most - total; }
    }

    public IReadOnlyDictionary<string, int> PerDestination()
    {
        lock (gate) return new Dictionary<string, int>(counts);
    }

    public void Begin(string destinationKey)
    {
        lock (gate)
        {
            total++;
            counts[destinationKey] = counts.GetValueOrDefault(destinationKey) + 1;
        }
    }

    public void End(string destinationKey)
    {
        lock (gate)
        {
            total--;
            if (--counts[destinationKey] == 0) counts.Remove(destinationKey);
        }
    }
}
