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
        private int? _noneAboveAt;

        /// <summary>Null: there is none, or nobody can tell which.</summary>
        protected AttuneSession? Session
        {
            get
            {
                if (session == null && _noneAboveAt != AttuneSession.Open.Changes)
                {
                    session = GetComponentInParent<AttuneSession>();

                    // Looked for once, not at every frame; what is inactive sees no parents.
                    bool isNone = session == null && gameObject.activeInHierarchy;
                    _noneAboveAt = isNone ? AttuneSession.Open.Changes : (int?)null;
                }

                return session == null && TakesTheOnlySession ? Only() : session;
            }
        }

        /// <summary>Null: no visitor is in the scene; then nothing is reported.</summary>
        protected AttuneClient? Client
        {
            get
            {
                AttuneSession? session = Session;
                return session == null ? null : session.Client;
            }
        }

        /// <summary>What looks at a visitor is never taken into a session that nobody gave it.</summary>
        private protected virtual bool TakesTheOnlySession => true;

        /// <summary>
        /// Belongs to this session from now on; null: as the scene says. For scenes that are loaded beside the session's: a field
        /// in the editor cannot refer to another scene.
        /// </summary>
        public void Assign(AttuneSession? to)
        {
            session = to;
            _noneAboveAt = null;
            if (isActiveAndEnabled)
            {
                Join();
            }
        }

        /// <summary>The session may be another one now.</summary>
        private protected virtual void Join()
        {
        }

        private void OnTransformParentChanged()
        {
            _noneAboveAt = null;
            if (isActiveAndEnabled)
            {
                Join();
            }
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
