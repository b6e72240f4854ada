#nullable enable
using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Scripting;
using UnityEngine.XR;

namespace Attune.Components
{
    /// <summary>
    /// The one place where a visitor's buttons are read. Controllers come from Unity's XR input, which works whichever
    /// input back end a project uses; the keyboard from that back end; a pinch from whatever tracks the hands, by
    /// <see cref="Hold"/>. Either hand will do.
    /// </summary>
    [Preserve]
    public static class VisitorButtons
    {
        private static readonly List<InputDevice> Controllers = new List<InputDevice>();
        private static readonly List<Func<bool>> Others = new List<Func<bool>>();
        private static readonly List<Func<int, bool>> Numbers = new List<Func<int, bool>>();
        private static bool _held;

        /// <summary>Whether something is pressed now.</summary>
        public static bool IsPressed
        {
            get
            {
                bool pressed = _held || AnyController() || AnyKey();
                foreach (Func<bool> other in Others)
                {
                    pressed = pressed || other();
                }

                return pressed;
            }
        }

        /// <summary>The number key that is held, as an index from 0; −1: none. For desktops and switches.</summary>
        public static int Number
        {
            get
            {
                for (int number = 0; number < 3; number++)
                {
                    bool pressed = IsNumber(number);
                    foreach (Func<int, bool> other in Numbers)
                    {
                        pressed = pressed || other(number);
                    }

                    if (pressed)
                    {
                        return number;
                    }
                }

                return -1;
            }
        }

        /// <summary>Another way to press, such as another input back end.</summary>
        /// <param name="isNumber">Whether the key of an index (0: the key 1) is held.</param>
        public static void Provide(Func<bool> isPressed, Func<int, bool> isNumber)
        {
            Others.Add(isPressed);
            Numbers.Add(isNumber);
        }

        /// <summary>For hand tracking: true while two fingers are pinched.</summary>
        public static void Hold(bool held) => _held = held;

        private static bool AnyController()
        {
            Controllers.Clear();
            InputDevices.GetDevicesWithCharacteristics(InputDeviceCharacteristics.HeldInHand, Controllers);
            foreach (InputDevice controller in Controllers)
            {
                bool trigger = controller.TryGetFeatureValue(CommonUsages.triggerButton, out bool pulled) && pulled;
                if (trigger || (controller.TryGetFeatureValue(CommonUsages.primaryButton, out bool pressed) && pressed))
                {
                    return true;
                }
            }

            return false;
        }

        private static bool AnyKey()
        {
#if ENABLE_LEGACY_INPUT_MANAGER
            return Input.GetKey(KeyCode.Space) || Input.GetKey(KeyCode.Return);
#else
            return false;
#endif
        }

        private static bool IsNumber(int number)
        {
#if ENABLE_LEGACY_INPUT_MANAGER
            return Input.GetKey(KeyCode.Alpha1 + number);
#else
            return false;
#endif
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Reset()
        {
            Others.Clear();
            Numbers.Clear();
            _held = false;
        }
    }
}
