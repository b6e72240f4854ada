#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>Something in the scene that tells the session about itself.</summary>
    public abstract class SceneMarker : MonoBehaviour
    {
        [SerializeField]
        [Tooltip("None: the nearest one among the parents.")]
        private AttuneSession? session = null;

        /// <summary>Null: there is no session above.</summary>
        protected AttuneSession? Session
        {
            get
            {
                if (session == null)
                {
                    session = GetComponentInParent<AttuneSession>();
                }

                return session;
            }
        }

        /// <summary>Null: no visitor is in the scene; then nothing is reported.</summary>
        protected AttuneClient? Client => Session == null ? null : Session.Client;
    }
}
