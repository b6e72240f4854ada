#nullable enable
using System;

namespace Attune.Transport
{
    /// <summary>The status codes of gRPC.</summary>
    public enum GrpcStatusCode
    {
        Ok = 0,
        Cancelled = 1,
        Unknown = 2,
        InvalidArgument = 3,
        DeadlineExceeded = 4,
        NotFound = 5,
        AlreadyExists = 6,
        PermissionDenied = 7,
        ResourceExhausted = 8,
        FailedPrecondition = 9,
        Aborted = 10,
        OutOfRange = 11,
        Unimplemented = 12,
        Internal = 13,
        Unavailable = 14,
        DataLoss = 15,
        Unauthenticated = 16,
    }

    /// <summary>How a call ended.</summary>
    public readonly struct GrpcStatus
    {
        public GrpcStatus(GrpcStatusCode code, string detail)
        {
            Code = code;
            Detail = detail;
        }

        public GrpcStatusCode Code { get; }

        /// <summary>A sentence for people; may be empty.</summary>
        public string Detail { get; }

        public override string ToString() => Detail.Length == 0 ? Code.ToString() : $"{Code}: {Detail}";
    }

    /// <summary>A call did not end well.</summary>
    public sealed class GrpcException : Exception
    {
        public GrpcException(GrpcStatus status, GrpcMetadata trailers, Exception? cause = null)
            : base(status.ToString(), cause)
        {
            Status = status;
            Trailers = trailers;
        }

        public GrpcStatus Status { get; }

        /// <summary>What the server sent after its last message; empty when it sent nothing.</summary>
        public GrpcMetadata Trailers { get; }
    }
}
