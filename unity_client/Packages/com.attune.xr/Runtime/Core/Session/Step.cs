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
        SendWeights,

        /// <summary>Give the stream up.</summary>
        Close,
    }

    /// <summary>One step of the sending thread, with what it needs.</summary>
    internal readonly struct Step
    {
        private Step(StepKind kind, Control? message, FrameBuffer? frame, HeadsetPose pose, FaceWeights? weights, long untilNs)
        {
            Kind = kind;
            Message = message;
            Frame = frame;
            Pose = pose;
            Weights = weights;
            UntilNs = untilNs;
        }

        public StepKind Kind { get; }

        public Control? Message { get; }

        public FrameBuffer? Frame { get; }

        public HeadsetPose Pose { get; }

        public FaceWeights? Weights { get; }

        public long UntilNs { get; }

        public static Step Of(StepKind kind) => new Step(kind, null, null, default, null, 0);

        public static Step Wait(long untilNs) => new Step(StepKind.Wait, null, null, default, null, untilNs);

        public static Step Send(Control message) => new Step(StepKind.Send, message, null, default, null, 0);

        public static Step Send(FrameBuffer frame) => new Step(StepKind.SendFrame, null, frame, default, null, 0);

        public static Step Send(in HeadsetPose pose) => new Step(StepKind.SendPose, null, null, pose, null, 0);

        public static Step Send(FaceWeights weights) => new Step(StepKind.SendWeights, null, null, default, weights, 0);
    }
}
