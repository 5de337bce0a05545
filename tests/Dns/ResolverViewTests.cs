using System.Collections.Immutable;

namespace PrivateLinkCloud.Dns.Tests;

public sealed class ResolverViewTests
{
    /// <summary>Adding and removing one name at a time must end where building from scratch ends, empty non-terminals included.</summary>
    [Fact]
    public void A_view_changed_step_by_step_answers_like_one_built_at_once()
    {
        var random = new Random(4711);
        string[] labels = ["a", "b", "c"];
        string[] names = [.. from x in labels from y in labels from z in labels select $"{x}.{y}.{z}.{Vpc.Domain}", .. from y in labels from z in labels select $"{y}.{z}.{Vpc.Domain}"];
        var view = new ResolverView(ImmutableDictionary<string, ViewName>.Empty, Vpc.Domain);
        for (var step = 0; step < 300; step++)
        {
            var name = names[random.Next(names.Length)];
            view = random.Next(2) == 0 ? view.With(Vpc.Name(name, overlay: false, 60, Vpc.Door("a", "10.0.0.1"))) : view.Without(name);
            var fresh = new ResolverView(view.Names, Vpc.Domain);
            foreach (var asked in names.Concat(labels.Select(label => $"{label}.{Vpc.Domain}")))
                Assert.Equal(Vpc.Ask(asked, view: fresh).Code, Vpc.Ask(asked, view: view).Code);
        }
    }

    [Fact]
    public void Replacing_the_names_replaces_what_lies_below_what()
    {
        var bare = Vpc.View with { Names = ImmutableDictionary<string, ViewName>.Empty };
        Assert.Equal(ResponseCode.NoError, Vpc.Ask("svc-1.eu-west-1.vpce.example.net").Code);
        Assert.Equal(ResponseCode.NameError, Vpc.Ask("svc-1.eu-west-1.vpce.example.net", view: bare).Code);
    }

    [Fact]
    public void A_name_gone_is_nxdomain_below_the_endpoint_domain_and_forwarded_elsewhere()
    {
        var view = Vpc.View.Without(Vpc.Regional).Without(Vpc.Private);
        Assert.Equal(ResponseCode.NameError, Vpc.Ask(Vpc.Regional, view: view).Code);
        Assert.IsType<Resolution.Forward>(Vpc.Resolve(QueryWriter.Write(1, Vpc.Private, RecordType.A), view: view));
    }

    [Fact]
    public void Removing_a_name_that_is_not_there_changes_nothing() => Assert.Same(Vpc.View, Vpc.View.Without("nobody.example.net"));
}
