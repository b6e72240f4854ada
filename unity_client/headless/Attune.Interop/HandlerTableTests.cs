#nullable enable
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>The documentation says of the handlers what the code says of them.</summary>
    public sealed class HandlerTableTests
    {
        [Test]
        public void EveryHandlerHasItsRow()
        {
            string folder = Path.Combine(
                PythonProcess.Repository, "unity_client", "Packages", "com.attune.xr", "Documentation~");
            string[] lines = Directory.GetFiles(folder, "*.md").SelectMany(File.ReadAllLines).ToArray();
            foreach (HttpHandlerProfile handler in HttpHandlers.All)
            {
                string[] trials = new[] { handler.PlainText, handler.PrivateAuthority, handler.MutualTls, handler.Token }
                    .Select(trial => trial.ToString().ToLowerInvariant()).ToArray();
                string row = $"| `{handler.Name}` ({handler.Needs}) | {string.Join(" | ", trials)} |";
                Assert.That(lines.Contains(row), Is.True, $"the documentation has no row '{row}'");
            }
        }
    }
}
