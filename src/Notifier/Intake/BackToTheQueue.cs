using System.Runtime.ExceptionServices;
using MassTransit;

namespace PrivateLinkCloud.Notifier.Intake;

/// <summary>A message that is in hand when the process stops goes back to the queue. Without this filter MassTransit would take the
/// interrupted consumer for a faulty message and move it to the error queue, where nobody sends it.</summary>
internal sealed class BackToTheQueue(CancellationToken stopping) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (!stopping.IsCancellationRequested)
        {
            await next.Send(context);
            return;
        }
        // An exception that leaves this pipe is answered to the broker with "not mine after all": nack, requeue.
        ExceptionDispatchInfo.Throw(context.Exception);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("backToTheQueue");
}
