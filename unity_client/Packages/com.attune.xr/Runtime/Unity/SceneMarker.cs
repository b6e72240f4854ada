#nullable enable
using System.Linq;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// Something in the scene that tells the session about itself: the assigned one, else the nearest one among the parents, else
    /// the only one that is enabled in any loaded scene. Of several none is taken, and an error says so.
    /// </summary>
    public abstract class SceneMarker : MonoBehaviour
    {
        [SerializeField]
        [Tooltip("None: the nearest one among the parents. A marker without either takes the only one that is enabled in any scene.")]
        private AttuneSession? session = null;

        private SessionBinding<AttuneSession>? _binding;

        /// <summary>Null: there is none, or nobody can tell which.</summary>
        protected AttuneSession? Session
        {
            get
            {
                if (session == null)
                {
                    session = GetComponentInParent<AttuneSession>();
                }

                return session == null && TakesTheOnlySession ? Only() : session;
            }
        }

        /// <summary>Null: no visitor is in the scene; then nothing is reported.</summary>
        protected AttuneClient? Client => Session == null ? null : Session.Client;

        /// <summary>What looks at a visitor is never taken into a session that nobody gave it.</summary>
        private protected virtual bool TakesTheOnlySession => true;

        /// <summary>
        /// Belongs to this session from now on; null: as the scene says. For scenes that are loaded beside the session's: a field
        /// in the editor cannot refer to another scene.
        /// </summary>
        public void Assign(AttuneSession? to)
        {
            session = to;
            if (isActiveAndEnabled)
            {
                Join();
            }
        }

        /// <summary>The session may be another one now.</summary>
        private protected virtual void Join()
        {
        }

        private AttuneSession? Only()
        {
            _binding ??= new SessionBinding<AttuneSession>(AttuneSession.Open);
            AttuneSession? only = _binding.Find(null, out bool isAmbiguous);
            if (isAmbiguous)
            {
                string names = string.Join(", ", AttuneSession.Open.All.Select(open => $"'{open.name}'"));
                Debug.LogError(
                    $"Attune: '{name}' stands under no Attune Session, and several are enabled: {names}. "
                    + "Put it under one of them, or call Assign.", this);
            }

            return only;
        }
    }
}
