#nullable enable
using System.Threading;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>The runner blocks pool threads of its own; on two cores the handler would wait for new ones.</summary>
    [SetUpFixture]
    public sealed class RunnerThreads
    {
        [OneTimeSetUp]
        public void MakeRoom() => ThreadPool.SetMinThreads(32, 32);
    }
}
