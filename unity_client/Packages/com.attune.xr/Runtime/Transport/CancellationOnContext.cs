#nullable enable
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Attune.Transport
{
    /// <summary>
    /// For a handler whose requests may be given up on one thread only: a cancellation, from wherever it comes,
    /// reaches it there. Nobody waits for it.
    /// </summary>
    public sealed class CancellationOnContext : DelegatingHandler
    {
        private readonly SynchronizationContext _context;

        /// <param name="inner">Owned from here on.</param>
        public CancellationOnContext(HttpMessageHandler inner, SynchronizationContext context)
            : base(inner) => _context = context;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            // Lives as long as the answer's body, which outlives this method; it holds nothing that needs disposal.
            CancellationTokenSource moved = new CancellationTokenSource();
            cancellation.Register(() => _context.Post(_ => moved.Cancel(), null));
            return await base.SendAsync(request, moved.Token).ConfigureAwait(false);
        }
    }
}
