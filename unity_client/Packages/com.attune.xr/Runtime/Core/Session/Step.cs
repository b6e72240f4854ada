#nullable enable

namespace Attune
{
    /// <summary>What the sending thread does next.</summary>
    internal enum StepKind
    {
        /// <summary>Nothing before the stated time, unless something happens.</summary>
        Wait,

        /// <summary>Open a stream.</summary>
        Open,

        Send,
        SendFrame,
        SendPose,

        /// <summary>Give the stream up.</summary>
        Close,
    }

    /// <summary>One step of the sending thread, with what it needs.</summary>
    internal readonly struct Step
    {
        private Step(StepKind kind, Control? message, FrameBuffer? frame, HeadsetPose pose, long untilNs)
        {
            Kind = kind;
            Message = message;
            Frame = frame;
            Pose = pose;
            UntilNs = untilNs;
        }

        public StepKind Kind { get; }

        public Control? Message { get; }

        public FrameBuffer? Frame { get; }

        public HeadsetPose Pose { get; }

        public long UntilNs { get; }

        public static Step Of(StepKind kind) => new Step(kind, null, null, default, 0);

        public static Step Wait(long untilNs) => new Step(StepKind.Wait, null, null, default, untilNs);

        public static Step Send(Control message) => new Step(StepKind.Send, message, null, default, 0);

        public static Step Send(FrameBuffer frame) => new Step(StepKind.SendFrame, null, frame, default, 0);

        public static Step Send(in HeadsetPose pose) => new Step(StepKind.SendPose, null, null, pose, 0);
    }
}
