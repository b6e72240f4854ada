using System;
using UnityEngine;

/// <summary>Reference stand-in for an API check: the members of version 71 of Meta's XR Core SDK in use.</summary>
public class OVRFaceExpressions : MonoBehaviour
{
    public bool ValidExpressions => throw new NotSupportedException();

    public void CopyTo(float[] array, int startIndex = 0) => throw new NotSupportedException();

    public bool TryGetWeightConfidence(FaceRegionConfidence region, out float weightConfidence) =>
        throw new NotSupportedException();

    public bool TryGetFaceTrackingDataSource(out FaceTrackingDataSource dataSource) => throw new NotSupportedException();

    public enum FaceRegionConfidence
    {
        Lower,
        Upper,
        Max,
    }

    public enum FaceTrackingDataSource
    {
        Visual,
        Audio,
        Count,
    }
}
