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
            Listen();
            if (Client is AttuneClient client)
            {
                client.Report(new BeatEntered(beatId, client.NowNs));
            }

            Values.Freeze(beatId);
        }

        /// <summary>Nothing of the visitor is left. Happens by itself when their session is over.</summary>
        public virtual void Forget() => Values.Forget();

        protected virtual void OnEnable() => Listen();

        protected virtual void OnDisable()
        {
            if (_heard != null)
            {
                _heard.Settled -= Values.Observe;
                _heard.Updated.RemoveListener(Values.Observe);
                _heard.VisitorLeft -= Forget;
                _heard = null;
            }
        }

        private void Listen()
        {
            AttuneSession? session = Session;
            if (_heard == null && session != null)
            {
                _heard = session;
                _heard.Settled += Values.Observe;
                _heard.Updated.AddListener(Values.Observe);
                _heard.VisitorLeft += Forget;
            }
        }
    }
}
