#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using UnityEngine;
using UnityEngine.Events;

namespace Attune.Components
{
    /// <summary>
    /// Looks for servers on the local network while it is enabled, takes what a QR code says, and writes attune.json when an
    /// operator has confirmed what was shown. Put it into a scene for operators: a visitor must not be able to answer it.
    /// Where the system guards the local network it asks for permission, once; denied, nothing is looked for, and what is
    /// configured stays as it is.
    /// </summary>
    [AddComponentMenu("Attune/Server Finder")]
    [DisallowMultipleComponent]
    public sealed class ServerFinder : MonoBehaviour
    {
        [SerializeField]
        [Tooltip("Brings the authority that was built in. One in attune.json goes before it.")]
        private AttuneServer? server = null;

        [SerializeField]
        [Tooltip("Another offer waits for the operator, or none any more.")]
        private UnityEvent changed = new UnityEvent();

        private OfferDesk _desk = new OfferDesk("");
        private ServerBrowser? _browser;
        private string _unreadable = "";
        private PermissionState _lookedUnder = PermissionState.Unasked;

        /// <summary>Servers that answered of late; those that cannot be used with the reason.</summary>
        public IReadOnlyList<FoundServer> Found => _browser == null ? Array.Empty<FoundServer>() : _browser.Found;

        /// <summary>Null: nothing waits for the operator.</summary>
        public ServerOffer? Waiting => _desk.Waiting;

        /// <summary>What the operator has to see beside the offer that waits.</summary>
        public OfferTrust Trust { get; private set; }

        /// <summary>Whether the system lets this device look for servers.</summary>
        public PermissionState Permission => LocalNetworkPermission.State;

        /// <summary>Address of the server that the next visitor's session goes to; empty: none.</summary>
        public string Configured { get; private set; } = "";

        /// <summary>What went wrong last, for the operator; empty: nothing.</summary>
        public string Problem { get; private set; } = "";

        public void Show(ServerOffer offer)
        {
            Problem = "";
            Trust = _desk.Show(offer);
            changed.Invoke();
        }

        /// <summary>The text of a QR code, as the device's own reader gives it.</summary>
        public void ShowCode(string payload)
        {
            try
            {
                Show(ServerOffer.FromQrCode(payload));
            }
            catch (FormatException fault)
            {
                Problem = fault.Message;
                changed.Invoke();
            }
        }

        public void Refuse()
        {
            _desk.Refuse();
            changed.Invoke();
        }

        /// <summary>The operator confirms what is shown; it holds from the next visitor on.</summary>
        /// <param name="shown">The address that the operator saw.</param>
        /// <param name="plainText">The operator was told that nothing is encrypted, and agreed.</param>
        public void Confirm(Uri shown, bool plainText)
        {
            try
            {
                List<string> unreadable = new List<string>();
                SetupValues file = StationFile.Read(unreadable);
                StationFile.Write(file.MovedTo(_desk.Confirm(shown, plainText)));
                Problem = "";
                ReadConfigured();
            }
            catch (Exception fault) when (fault is InvalidOperationException || fault is IOException || fault is UnauthorizedAccessException)
            {
                Problem = fault.Message;
            }

            changed.Invoke();
        }

        private void OnEnable()
        {
            // An intent is no source here: any application can start another one with extras.
            List<string> unreadable = new List<string>();
            string? installed = StationFile.Read(unreadable)[SetupValues.Authority];
            _desk = new OfferDesk(installed ?? (server == null ? "" : server.Values[SetupValues.Authority]) ?? "");
            _unreadable = string.Join("\n", unreadable);
            ReadConfigured();
            Look();
        }

        private void ReadConfigured()
        {
            Endpoint? endpoint = server == null
                ? StationSetup.Resolve(new[] { AndroidIntent.Read(), StationFile.Read(new List<string>()) }).Endpoint : server.Resolve().Endpoint;
            Configured = endpoint == null ? "" : endpoint.Address.GetLeftPart(UriPartial.Authority);
        }

        /// <summary>The system's answer may come minutes later, and the other way round from its settings.</summary>
        private void Update()
        {
            if (LocalNetworkPermission.State != _lookedUnder)
            {
                StopLooking();
                Look();
                changed.Invoke();
            }
        }

        private void OnApplicationFocus(bool hasFocus)
        {
            if (hasFocus)
            {
                LocalNetworkPermission.Refresh();
            }
        }

        private void OnDisable() => StopLooking();

        private void Look()
        {
            Problem = _unreadable;
            _lookedUnder = LocalNetworkPermission.Check();
            if (_lookedUnder == PermissionState.Denied)
            {
                Problem = "the system does not let this application reach devices nearby: nothing is looked for, and the "
                    + "configured server is kept; the system's settings can change that";
            }

            if (_lookedUnder != PermissionState.Granted)
            {
                return;
            }

            try
            {
                _browser = new ServerBrowser();
            }
            catch (SocketException fault)
            {
                Problem = fault.Message;
            }
        }

        private void StopLooking()
        {
            _browser?.Dispose();
            _browser = null;
        }
    }
}
