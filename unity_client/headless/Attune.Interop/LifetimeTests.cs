#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>What a client leaves behind, over real sockets.</summary>
    [Timeout(900000)]
    public sealed class LifetimeTests
    {
        private const int Visitors = 100;

        [Test]
        public void AHundredStartsAndStopsLeaveNoThreadNoSocketAndNoSubscriber()
        {
            int threads = AttuneClient.RunningThreads;

            // The server has six places: one that kept a visitor who left would turn later ones away.
            using PythonProcess server = PythonProcess.StartAttune("--set", "limits.resume_window_s=1");
            List<WeakReference> left = new List<WeakReference>();
            for (int visitor = 0; visitor < Visitors; visitor++)
            {
                left.AddRange(Visit(server.PlainAddress, visitor));
            }

            Assert.That(AttuneClient.RunningThreads, Is.EqualTo(threads));
            Assert.That(() => OpenTo(server.Port), Is.Zero.After(20000, 100), "connections");
            Assert.That(() => StillThere(left), Is.Zero.After(20000, 200), "clients and their subscribers");
        }

        [Test]
        public void AConnectionIsCountedWhileItIsOpen()
        {
            using PythonProcess server = PythonProcess.StartAttune();
            using Witness visitor = new Witness(server.PlainAddress);
            visitor.AwaitStreaming();
            Assert.That(OpenTo(server.Port), Is.EqualTo(1));
            WeakReference held = new WeakReference(visitor.Client);
            Assert.That(StillThere(new[] { held }), Is.EqualTo(1));
            GC.KeepAlive(visitor);
        }

        /// <summary>One start and stop; a method of its own, so that nothing of it is left on the stack.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static WeakReference[] Visit(Uri address, int visitor)
        {
            Witness witness = new Witness(address, null, "", null, ConsentScope.Analyse);
            bool inMidCall = visitor % 2 == 1;
            if (inMidCall)
            {
                // A choice waits and the server answers: both directions are in use.
                witness.AwaitStreaming();
                witness.Client.Report(new BeatEntered("street", witness.Client.NowNs));
                witness.Client.ReachChoice("after-the-street", "pass-by", TimeSpan.FromSeconds(60));
                witness.Await<StateUpdate>();
            }
            else if (visitor % 4 == 0)
            {
                witness.AwaitStreaming();
                witness.End();
            }

            // The rest goes while the connection is being made.
            long began = witness.Client.NowNs;
            witness.Dispose();
            double tookMs = (witness.Client.NowNs - began) / 1e6;
            Assert.That(tookMs, Is.LessThan(5000), "a pause of the machine included");
            return new[] { new WeakReference(witness), new WeakReference(witness.Client) };
        }

        private static int StillThere(IEnumerable<WeakReference> references)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return references.Count(reference => reference.IsAlive);
        }

        /// <summary>Connections of this machine to a port that somebody could still write to.</summary>
        private static int OpenTo(int port) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Count(
            connection => connection.RemoteEndPoint.Port == port
                && (connection.State == TcpState.Established || connection.State == TcpState.CloseWait || connection.State == TcpState.SynSent));
    }
}
