// Reference stand-ins for an API check, written by hand: exactly the public signatures of the Input System package
// 1.4 that this package uses, without behaviour. They never run.
using System;

namespace UnityEngine.InputSystem
{
    public abstract class InputControl
    {
    }

    public abstract class InputControl<TValue> : InputControl
        where TValue : struct
    {
    }

    public class InputDevice : InputControl
    {
    }

    public class Keyboard : InputDevice
    {
        public static Keyboard current => throw new NotSupportedException();

        public Controls.KeyControl spaceKey => throw new NotSupportedException();

        public Controls.KeyControl digit1Key => throw new NotSupportedException();

        public Controls.KeyControl digit2Key => throw new NotSupportedException();

        public Controls.KeyControl digit3Key => throw new NotSupportedException();

        public Controls.KeyControl enterKey => throw new NotSupportedException();
    }
}

namespace UnityEngine.InputSystem.Controls
{
    public class AxisControl : InputControl<float>
    {
    }

    public class ButtonControl : AxisControl
    {
        public bool isPressed => throw new NotSupportedException();
    }

    public class KeyControl : ButtonControl
    {
    }
}
