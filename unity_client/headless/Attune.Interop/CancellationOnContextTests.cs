#nullable enable
using System;
using System.Collections.Concurrent;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Attune.Transport;
using NUnit.Framework;

namespace Attune.Interop
{
    [Timeout(120000)]
    public sealed class CancellationOnContextTests
    {
        [Test]
        public void ACancellationReachesTheHandlerOnTheContextAndWaitsForNobody()
        {
            Queued main = new Queued();
            Hanging handler = new Hanging();
            using HttpMessageInvoker invoker = new HttpMessageInvoker(new CancellationOnContext(handler, main));
            using CancellationTokenSource given = new CancellationTokenSource();
            Task answer = invoker.SendAsync(new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:1"), given.Token);

            given.Cancel();
            Assert.That(handler.GivenUpOn, Is.Null);
            Assert.That(answer.IsCompleted, Is.False);

            main.Run();
            Assert.That(handler.GivenUpOn, Is.SameAs(Thread.CurrentThread));
            Assert.CatchAsync<OperationCanceledException>(() => answer);
        }

        private sealed class Queued : SynchronizationContext
        {
            private readonly ConcurrentQueue<Action> _work = new ConcurrentQueue<Action>();

            public override void Post(SendOrPostCallback d, object? state) => _work.Enqueue(() => d(state));

            public void Run()
            {
                while (_work.TryDequeue(out Action? work))
                {
                    work();
                }
            }
        }

        private sealed class Hanging : HttpMessageHandler
        {
            public Thread? GivenUpOn { get; private set; }

            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
            {
                TaskCompletionSource<HttpResponseMessage> answer = new TaskCompletionSource<HttpResponseMessage>();
                cancellation.Register(() =>
                {
                    GivenUpOn = Thread.CurrentThread;
                    answer.TrySetCanceled();
                });
                return answer.Task;
            }
        }
    }
}
