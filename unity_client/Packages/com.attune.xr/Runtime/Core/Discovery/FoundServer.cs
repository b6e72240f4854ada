#nullable enable

namespace Attune
{
    /// <summary>A server that answered on this network. It is a claim, for an <see cref="OfferDesk"/>.</summary>
    public sealed class FoundServer
    {
        internal FoundServer(string name, ServerOffer? offer, string problem)
        {
            Name = name;
            Offer = offer;
            Problem = problem;
        }

        /// <summary>As its people named it.</summary>
        public string Name { get; }

        /// <summary>Null: what it announces cannot be used.</summary>
        public ServerOffer? Offer { get; }

        /// <summary>Why not; otherwise empty.</summary>
        public string Problem { get; }
    }
}
