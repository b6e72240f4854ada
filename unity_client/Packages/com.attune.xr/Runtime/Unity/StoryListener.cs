#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>Keeps what a written story may ask about the visitor, frozen from beat to beat.</summary>
    [AddComponentMenu("Attune/Story Listener")]
    [DisallowMultipleComponent]
    public class StoryListener : SceneMarker
    {
        private AttuneSession? _heard;

        public StoryValues Values { get; } = new StoryValues();

        /// <summary>The story enters a beat: the session is told, and the values are those of this moment.</summary>
        public void EnterBeat(string beatId)
        {
            Join();
            if (Client is AttuneClient client)
            {
                client.Report(new BeatEntered(beatId, client.NowNs));
            }

            Values.Freeze(beatId);
        }

        /// <summary>Nothing of the visitor is left. Happens by itself when their session is over.</summary>
        public virtual void Forget() => Values.Forget();

        protected virtual void OnEnable()
        {
            AttuneSession.Open.Changed += Join;
            Join();
        }

        protected virtual void OnDisable()
        {
            AttuneSession.Open.Changed -= Join;
            Part();
        }

        /// <summary>A choice was settled: its branch is to be played.</summary>
        protected virtual void OnSettled(ChoiceSettled settled) => Values.Observe(settled);

        private protected override void Join()
        {
            AttuneSession? session = Session;
            if (!ReferenceEquals(_heard, session))
            {
                Part();
                if (session != null)
                {
                    _heard = session;
                    _heard.Settled += OnSettled;
                    _heard.Updated.AddListener(Values.Observe);
                    _heard.VisitorLeft += Forget;
                }
            }
        }

        private void Part()
        {
            if (!ReferenceEquals(_heard, null))
            {
                _heard.Settled -= OnSettled;
                _heard.Updated.RemoveListener(Values.Observe);
                _heard.VisitorLeft -= Forget;
                _heard = null;
            }
        }
    }
}
