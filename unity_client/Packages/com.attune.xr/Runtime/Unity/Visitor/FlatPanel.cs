#nullable enable
using System.Collections.Generic;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// Shapes and texts on a plane in the scene, made when it is needed: one mesh, and one 3D text for each text. Its shader
    /// ("Sprites/Default") is in every build and works in the Built-in pipeline and in URP; the font is Unity's own.
    /// </summary>
    internal sealed class FlatPanel
    {
        private readonly GameObject _root;
        private readonly Mesh _mesh;
        private readonly Material _material;
        private readonly Font _font;
        private readonly List<TextMesh> _texts = new List<TextMesh>();
        private readonly List<Vector3> _vertices = new List<Vector3>();
        private readonly List<Color32> _colours = new List<Color32>();
        private readonly List<int> _indices = new List<int>();
        private int _used;

        /// <summary>Not within OnEnable: Unity refuses a child to an object that is just being switched on.</summary>
        public FlatPanel(string name, Transform parent)
        {
            _root = new GameObject(name);
            _root.transform.SetParent(parent, false);
            _mesh = new Mesh();
            _mesh.MarkDynamic();
            _material = new Material(Shader.Find("Sprites/Default"));
            _font = Resources.GetBuiltinResource<Font>("LegacyRuntime.ttf");
            _root.AddComponent<MeshFilter>().sharedMesh = _mesh;
            _root.AddComponent<MeshRenderer>().sharedMaterial = _material;
        }

        public Transform Transform => _root.transform;

        public bool IsShown => _root.activeSelf;

        public FlatDrawing Drawing { get; } = new FlatDrawing();

        public void Show(bool shown)
        {
            if (_root.activeSelf != shown)
            {
                _root.SetActive(shown);
            }
        }

        /// <summary>Everything is drawn again from here on.</summary>
        public void Begin()
        {
            Drawing.Clear();
            _used = 0;
        }

        /// <param name="height">Of a capital letter, about, in metres.</param>
        public void Text(string text, float x, float y, float height, TextAnchor anchor, TextAlignment alignment, Tint tint)
        {
            if (_used == _texts.Count)
            {
                _texts.Add(NewText());
            }

            TextMesh mesh = _texts[_used++];
            mesh.transform.localPosition = new Vector3(x, y, -0.002f);
            mesh.text = text;
            mesh.characterSize = height * 0.14f;
            mesh.anchor = anchor;
            mesh.alignment = alignment;
            mesh.color = Colour(tint);
        }

        /// <summary>What was drawn becomes visible.</summary>
        public void End()
        {
            _vertices.Clear();
            _colours.Clear();
            _indices.Clear();
            for (int i = 0; i < Drawing.VertexCount; i++)
            {
                _vertices.Add(new Vector3(Drawing.X(i), Drawing.Y(i), 0));
                _colours.Add(Colour(Drawing.TintOf(i)));
            }

            for (int i = 0; i < Drawing.Indices.Count; i++)
            {
                _indices.Add(Drawing.Indices[i]);
            }

            _mesh.Clear();
            _mesh.SetVertices(_vertices);
            _mesh.SetColors(_colours);
            _mesh.SetTriangles(_indices, 0);
            for (int i = _used; i < _texts.Count; i++)
            {
                _texts[i].text = "";
            }
        }

        public void Destroy()
        {
            Object.Destroy(_root);
            Object.Destroy(_mesh);
            Object.Destroy(_material);
        }

        private static Color32 Colour(Tint tint) => new Color32(tint.R, tint.G, tint.B, tint.A);

        private TextMesh NewText()
        {
            GameObject made = new GameObject("Text");
            made.transform.SetParent(_root.transform, false);
            TextMesh text = made.AddComponent<TextMesh>();
            text.font = _font;
            text.fontSize = 64;
            MeshRenderer renderer = made.GetComponent<MeshRenderer>();
            renderer.sharedMaterial = _font.material;
            renderer.sortingOrder = 1;
            return text;
        }
    }
}
