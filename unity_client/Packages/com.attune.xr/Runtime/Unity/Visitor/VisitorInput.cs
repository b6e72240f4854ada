#nullable enable
using System.Collections.Generic;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>Where a visitor looks and points, for panels that ask something.</summary>
    [AddComponentMenu("Attune/Visitor Input")]
    [DisallowMultipleComponent]
    public sealed class VisitorInput : MonoBehaviour
    {
        [SerializeField]
        [Tooltip("The visitor's head; none: the main camera. Looking is enough to answer.")]
        private Transform? head = null;

        [SerializeField]
        [Tooltip("Controllers or hands that point along their forward axis. None: answers are given by looking.")]
        private Transform[] pointers = new Transform[0];

        [SerializeField]
        [Min(0.3f)]
        [Tooltip("How long an answer has to be looked at, seconds.")]
        private float dwell = 1.5f;

        public float Dwell => dwell;

        /// <summary>Null: there is no main camera either.</summary>
        public Transform? Head
        {
            get
            {
                if (head == null)
                {
                    Camera main = Camera.main;
                    head = main == null ? null : main.transform;
                }

                return head;
            }
        }

        /// <summary>Lets a panel know what its visitor points at, looks at and presses.</summary>
        /// <param name="panel">The panel's plane: its z = 0, seen from the side of −z.</param>
        /// <param name="numbered">Whether the tiles can be called by number.</param>
        /// <returns>The tile that is selected now; −1: none.</returns>
        public int Observe(PanelInteraction interaction, Transform panel, IReadOnlyList<Tile> tiles, bool numbered)
        {
            Transform? eyes = Head;
            int gaze = eyes == null ? -1 : Hit(eyes, panel, tiles);
            int pointed = -1;
            foreach (Transform pointer in pointers)
            {
                if (pointed < 0 && pointer != null && pointer.gameObject.activeSelf)
                {
                    pointed = Hit(pointer, panel, tiles);
                }
            }

            return interaction.Observe(gaze, pointed, VisitorButtons.IsPressed, Time.unscaledDeltaTime, numbered ? Number(tiles.Count) : -1);
        }

        private static int Number(int count)
        {
            int number = VisitorButtons.Number;
            return number < count ? number : -1;
        }

        private static int Hit(Transform ray, Transform panel, IReadOnlyList<Tile> tiles)
        {
            Vector3 origin = panel.InverseTransformPoint(ray.position);
            Vector3 direction = panel.InverseTransformDirection(ray.forward);
            return PanelTiles.Hit(
                new Vector(origin.x, origin.y, origin.z), new Vector(direction.x, direction.y, direction.z), tiles);
        }
    }
}
