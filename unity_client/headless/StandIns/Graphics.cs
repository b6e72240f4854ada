// Reference stand-ins for an API check; see UnityEngine.cs. Textures, and reading them back.
using System;
using Unity.Collections;
using UnityEngine.Experimental.Rendering;

namespace UnityEngine
{
    public partial struct Vector2
    {
        public float x;
        public float y;
    }

    public struct Vector2Int
    {
        public int x { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public int y { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public static bool operator ==(Vector2Int lhs, Vector2Int rhs) => throw new NotSupportedException();

        public static bool operator !=(Vector2Int lhs, Vector2Int rhs) => throw new NotSupportedException();

        public override bool Equals(object other) => throw new NotSupportedException();

        public override int GetHashCode() => throw new NotSupportedException();
    }

    public struct Pose
    {
        public Vector3 position;
        public Quaternion rotation;
    }

    public partial class Texture : Object
    {
    }

    public sealed partial class Texture2D : Texture
    {
        public Texture2D(int width, int height, TextureFormat textureFormat, bool mipChain)
        {
        }

        public void LoadRawTextureData(byte[] data) => throw new NotSupportedException();

        public void Apply() => throw new NotSupportedException();
    }

    public enum TextureFormat
    {
        RGBA32 = 4,
    }

    public sealed partial class SystemInfo
    {
        public static string deviceModel => throw new NotSupportedException();

        public static bool supportsAsyncGPUReadback => throw new NotSupportedException();
    }

    public static partial class ImageConversion
    {
        public static byte[] EncodeArrayToJPG(
            Array array, GraphicsFormat format, uint width, uint height, uint rowBytes = 0, int quality = 75) =>
            throw new NotSupportedException();

        public static bool LoadImage(this Texture2D tex, byte[] data) => throw new NotSupportedException();
    }
}

namespace UnityEngine.Experimental.Rendering
{
    public enum GraphicsFormat
    {
        R8G8B8A8_SRGB = 4,
        R8G8B8A8_UNorm = 8,
    }
}

namespace UnityEngine.Rendering
{
    public struct AsyncGPUReadbackRequest
    {
        public bool hasError => throw new NotSupportedException();

        public int width => throw new NotSupportedException();

        public int height => throw new NotSupportedException();

        public NativeArray<T> GetData<T>(int layer = 0)
            where T : struct => throw new NotSupportedException();
    }

    public static class AsyncGPUReadback
    {
        public static AsyncGPUReadbackRequest Request(
            Texture src, int mipIndex, TextureFormat dstFormat, Action<AsyncGPUReadbackRequest> callback = null) =>
            throw new NotSupportedException();
    }
}

namespace Unity.Collections
{
    public struct NativeArray<T>
        where T : struct
    {
        public static void Copy(NativeArray<T> src, int srcIndex, T[] dst, int dstIndex, int length) =>
            throw new NotSupportedException();
    }
}
