#nullable enable
using UnityEngine;
using UnityEngine.InputSystem;
using UnityEngine.Scripting;

[assembly: AlwaysLinkAssembly]

namespace Attune.Components
{
    /// <summary>The keyboard, in projects that use the Input System package.</summary>
    [Preserve]
    internal static class InputSystemKeys
    {
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.BeforeSceneLoad)]
        private static void Provide() => VisitorButtons.Provide(IsPressed, IsNumber);

        private static bool IsPressed() =>
            Keyboard.current != null && (Keyboard.current.spaceKey.isPressed || Keyboard.current.enterKey.isPressed);

        private static bool IsNumber(int number) => Keyboard.current != null && (number switch
        {
            0 => Keyboard.current.digit1Key,
            1 => Keyboard.current.digit2Key,
            _ => Keyboard.current.digit3Key,
        }).isPressed;
    }
}
