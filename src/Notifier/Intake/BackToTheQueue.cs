using MassTransit;

namespace PrivateLinkCloud.Notifier.Intake;

/// <summary>A message that is in hand when the process stops goes back to the queue. Without this filter MassTransit would take the
/// interrupted consumer for a faulty message and move it to the error queue, where nobody sends it.</summary>
internal sealed class BackToTheQueue : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (context.Exception is not OperationCanceledException)
        {
            await next.Send(context);
            return;
        }
        await context.NotifyFaulted(context.Exception);
        throw context.Exception;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("backToTheQueue");
}
