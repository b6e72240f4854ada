#nullable enable
using UnityEditor;
using UnityEngine;

namespace Attune.Editing
{
    /// <summary>
    /// What is seen of the face: its figures, its regions, where the head points, and, when somebody asks for it and the
    /// visitor allows analysis, the frames as they are sent. Nothing of it is stored.
    /// </summary>
    internal sealed class FaceTab
    {
        private const float Side = 140;

        private readonly FramePreview _preview = new FramePreview();
        private AttuneClient? _client;
        private Texture2D? _picture;
        private string _orientation = "";
        private int _number = -1;
        private bool _wanted;

        /// <summary>Follows the session of this visitor; the last one's frame is gone.</summary>
        public void Watch(AttuneClient? client)
        {
            if (!ReferenceEquals(client, _client))
            {
                _client?.ShowFrames(null);
                _client = client;
                Drop();
            }

            _client?.ShowFrames(_wanted ? _preview : null);
            Load();
        }

        /// <summary>The window closes or the scene stops: nothing is left, and the next time it has to be asked for again.</summary>
        public void Forget()
        {
            _wanted = false;
            Watch(null);
            Drop();
        }

        public void Draw(SessionMonitor monitor)
        {
            Drawing.Rows(MonitorViews.Face(monitor));
            Regions(monitor.Latest?.Face);
            Head(monitor.Latest?.Face?.Pose);
            Preview(monitor);
        }

        private static void Regions(FaceState? face)
        {
            Rect area = Square();
            if (face == null || !face.Found)
            {
                return;
            }

            for (FaceRegion region = FaceRegion.LeftEye; region <= FaceRegion.RightCheek; region++)
            {
                Tile tile = FaceMap.Of(region);
                Rect part = new Rect(
                    area.x + (tile.Left * Side), area.y + ((1 - tile.Bottom - tile.Height) * Side), tile.Width * Side, tile.Height * Side);
                byte alpha = (byte)(30 + (225 * Mathf.Clamp(face.Visible(region), 0, 1)));
                EditorGUI.DrawRect(part, Drawing.Colour(Tint.Green.WithAlpha(alpha)));
            }
        }

        /// <summary>The axes of the head as in the unmirrored image.</summary>
        private static void Head(HeadAngles? pose)
        {
            Rect area = Square();
            if (pose is HeadAngles angles)
            {
                HeadGizmo gizmo = HeadGizmo.Of(angles);
                Axis(area, gizmo.Left, Tint.Orange);
                Axis(area, gizmo.Up, Tint.Green);
                Axis(area, gizmo.Nose, Tint.Blue);
            }
        }

        private static void Axis(Rect area, in GizmoAxis axis, Tint tint)
        {
            float half = Side / 2;
            float reach = half * 0.85f;
            Handles.color = Drawing.Colour(axis.TowardsCamera < 0 ? tint.WithAlpha(110) : tint);
            Handles.DrawLine(
                new Vector3(area.x + half, area.y + half, 0),
                new Vector3(area.x + half + (axis.X * reach), area.y + half - (axis.Y * reach), 0));
        }

        private static Rect Square()
        {
            Rect area = GUILayoutUtility.GetRect(Side, Side);
            Rect square = new Rect(area.x, area.y, Side, Side);
            EditorGUI.DrawRect(square, Drawing.Colour(Tint.Panel));
            return square;
        }

        private void Preview(SessionMonitor monitor)
        {
            if (!monitor.Allows(ConsentScope.Analyse))
            {
                EditorGUILayout.LabelField("picture", "only while the visitor allows analysis");
                return;
            }

            _wanted = GUILayout.Toggle(_wanted, "Show the frames of this device as they are sent (never stored)");
            if (_picture == null)
            {
                EditorGUILayout.LabelField("picture", "none");
                return;
            }

            Rect area = GUILayoutUtility.GetRect(320, 240);
            if (_client != null && _client.Allows(ConsentScope.Analyse))
            {
                GUI.DrawTexture(area, _picture, ScaleMode.ScaleToFit);
            }

            EditorGUILayout.LabelField("as sent; the server looks at it", _orientation.Length == 0 ? "as it is" : _orientation);
        }

        /// <summary>Not while drawing: what is drawn must not change between layout and painting.</summary>
        private void Load()
        {
            if (!_preview.HasFrame)
            {
                Drop();
                return;
            }

            PreviewPicture? fresh = _preview.Read(_number);
            if (fresh == null)
            {
                return;
            }

            Drop();
            _number = fresh.Number;
            _orientation = fresh.Orientation;
            _picture = new Texture2D(fresh.Info.WidthPx, fresh.Info.HeightPx, TextureFormat.RGBA32, false);
            if (fresh.Encoded != null)
            {
                _picture.LoadImage(fresh.Encoded);
            }
            else if (fresh.Rgba() is byte[] rgba)
            {
                _picture.LoadRawTextureData(rgba);
                _picture.Apply();
            }
        }

        private void Drop()
        {
            if (_picture != null)
            {
                Object.DestroyImmediate(_picture);
            }

            _picture = null;
            _number = -1;
        }
    }
}
