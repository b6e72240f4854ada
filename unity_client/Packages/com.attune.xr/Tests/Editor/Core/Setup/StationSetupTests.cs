#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>Where a station's values come from, and what is said about bad ones.</summary>
    public sealed class StationSetupTests
    {
        private const string Pem = "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n";

        private static SetupValues Asset(params string[] pairs) => Values(SetupSource.Asset, pairs);

        private static SetupValues Values(SetupSource source, params string[] pairs)
        {
            SetupValues values = new SetupValues(source);
            for (int i = 0; i < pairs.Length; i += 2)
            {
                values[pairs[i]] = pairs[i + 1];
            }

            return values;
        }

        [Test]
        public void TheIntentWinsOverTheFileAndTheFileOverTheAsset()
        {
            SetupValues asset = Asset("endpoint", "http://127.0.0.1:1", "station_id", "a", "camera_id", "one");
            SetupValues file = SetupValues.FromJson("{\"endpoint\": \"http://127.0.0.1:2\", \"station_id\": \"b\"}");
            SetupValues intent = SetupValues.FromIntent(name => name == "attune.endpoint" ? "http://127.0.0.1:3" : null);
            StationSetup setup = StationSetup.Resolve(new[] { asset, intent, file });
            Assert.That(setup.Endpoint!.Address.Port, Is.EqualTo(3));
            Assert.That(setup.StationId, Is.EqualTo("b"));
            Assert.That(setup.CameraId, Is.EqualTo("one"));
            Assert.That(setup.SourceOf("endpoint"), Is.EqualTo(SetupSource.Intent));
            Assert.That(setup.SourceOf("station_id"), Is.EqualTo(SetupSource.File));
            Assert.That(setup.SourceOf("camera_id"), Is.EqualTo(SetupSource.Asset));
            Assert.That(setup.SourceOf("token"), Is.EqualTo(SetupSource.None));
            Assert.That(setup.Problems, Is.Empty);
        }

        [TestCase("", Audience.Unspecified)]
        [TestCase("public", Audience.Public)]
        [TestCase("school", Audience.School)]
        [TestCase("staff", Audience.Staff)]
        public void AStationSaysWhoComesToIt(string said, Audience audience)
        {
            StationSetup setup = StationSetup.Resolve(new[] { Asset("station_id", "a", "audience", said) });
            Assert.That(setup.Audience, Is.EqualTo(audience));
            Assert.That(setup.Problems, Is.Empty);
        }

        [Test]
        public void AnIntentCannotMakeVisitorsOfPupils()
        {
            SetupValues intent = Values(SetupSource.Intent, "audience", "public");
            StationSetup setup = StationSetup.Resolve(new[] { intent, Asset("station_id", "a", "audience", "school") });
            Assert.That(setup.Audience, Is.EqualTo(Audience.School));
            Assert.That(setup.SourceOf("audience"), Is.EqualTo(SetupSource.Asset));
            Assert.That(setup.Problems.Single(), Does.Contain("asset says 'school'"));
        }

        [Test]
        public void DeviceManagementDecidesOverTheAssetAndAnIntentCanProtectMore()
        {
            SetupValues file = Values(SetupSource.File, "audience", "public");
            SetupValues asset = Asset("station_id", "a", "audience", "school");
            SetupValues intent = Values(SetupSource.Intent, "audience", "staff");
            Assert.That(StationSetup.Resolve(new[] { file, asset }).Audience, Is.EqualTo(Audience.Public));
            Assert.That(StationSetup.Resolve(new[] { intent, file, asset }).Audience, Is.EqualTo(Audience.Staff));
            intent["audience"] = "public";
            Assert.That(StationSetup.Resolve(new[] { intent, asset, file }).Audience, Is.EqualTo(Audience.Public));
        }

        [Test]
        public void AnAudienceThatIsNotUnderstoodIsNotAnalysed()
        {
            StationSetup setup = StationSetup.Resolve(new[] { Asset("station_id", "a", "audience", "pupils") });
            Assert.That(setup.Audience, Is.EqualTo(Audience.School));
            Assert.That(setup.Problems.Single(), Does.Contain("'pupils'").And.Contain("asset"));
        }

        [Test]
        public void AnEmptyValueLeavesTheWordToTheSourceBelow()
        {
            SetupValues file = SetupValues.FromJson("{\"station_id\": \"\"}");
            Assert.That(StationSetup.Resolve(new[] { file, Asset("station_id", "a") }).StationId, Is.EqualTo("a"));
        }

        [Test]
        public void ATokenIsNotSentToAnAddressFromASourceAboveItsOwn()
        {
            SetupValues asset = Asset("endpoint", "https://museum.example:1", "token", "secret", "station_id", "a", "insecure", "true");
            SetupValues intent = Values(SetupSource.Intent, "endpoint", "https://elsewhere.example:1");
            StationSetup setup = StationSetup.Resolve(new[] { asset, intent });
            Assert.That(setup.Endpoint!.Address.Host, Is.EqualTo("elsewhere.example"));
            Assert.That(setup.Endpoint.Token, Is.Empty);
            Assert.That(setup.Endpoint.Insecure, Is.False);
            Assert.That(setup.Problems.Single(one => one.StartsWith("token")), Does.Contain("beside the endpoint"));
        }

        [Test]
        public void ATokenFromAboveGoesToTheAddressFromBelow()
        {
            SetupValues asset = Asset("endpoint", "https://museum.example:1", "station_id", "a");
            SetupValues file = SetupValues.FromJson("{\"token\": \"secret\"}");
            Assert.That(StationSetup.Resolve(new[] { asset, file }).Endpoint!.Token, Is.EqualTo("secret"));
        }

        [Test]
        public void TheBuiltInAuthorityStillVouchesForAnAddressFromAbove()
        {
            SetupValues asset = Asset("ca", Pem, "station_id", "a");
            SetupValues intent = Values(SetupSource.Intent, "endpoint", "https://elsewhere.example:1");
            Assert.That(StationSetup.Resolve(new[] { asset, intent }).Endpoint!.AuthorityPem, Is.EqualTo(Pem.Trim()));
        }

        [Test]
        public void WithoutAnAddressThereIsNoServerAndNothingIsWrong()
        {
            StationSetup setup = StationSetup.Resolve(new[] { Asset("station_id", "a") });
            Assert.That(setup.Endpoint, Is.Null);
            Assert.That(setup.Problems, Is.Empty);
        }

        [TestCase("192.168.1.20:50051")]
        [TestCase("ftp://server")]
        [TestCase("https://server/path")]
        [TestCase("https://")]
        public void ABadAddressIsNamedWithItsSource(string address)
        {
            SetupValues file = Values(SetupSource.File, "endpoint", address, "station_id", "a");
            StationSetup setup = StationSetup.Resolve(new[] { file });
            Assert.That(setup.Endpoint, Is.Null);
            Assert.That(setup.Problems.Single(), Does.Contain($"'{address}'").And.Contain("attune.json").And.Contain("expected"));
        }

        [TestCase("token", "secret", "http://museum.example:1")]
        [TestCase("ca", "no certificate", "https://museum.example:1")]
        [TestCase("insecure", "yes", "https://museum.example:1")]
        public void ABadValueIsNamed(string name, string value, string endpoint)
        {
            SetupValues values = Values(SetupSource.Intent, "endpoint", endpoint, "station_id", "a", name, value);
            Assert.That(StationSetup.Resolve(new[] { values }).Problems.Single(), Does.Contain("intent"));
        }

        [TestCase("https://secret@museum.example:1")]
        [TestCase("https://hall:secret@museum.example:1")]
        public void ANameOrPasswordInAnAddressIsRefusedAndNotRepeated(string address)
        {
            SetupValues file = Values(SetupSource.File, "endpoint", address, "station_id", "a");
            StationSetup setup = StationSetup.Resolve(new[] { file });
            Assert.That(setup.Endpoint, Is.Null);
            Assert.That(setup.Problems.Single(), Does.Contain("'…@museum.example:1'"));
            Assert.That(setup.Problems.Single(), Does.Not.Contain("secret"));
        }

        [Test]
        public void AMissingStationIsSaid() =>
            Assert.That(StationSetup.Resolve(new[] { Asset() }).Problems.Single(), Does.Contain("station_id: expected"));

        [Test]
        public void AnUnreadableFileIsSaidAndTheSourceBelowSpeaks()
        {
            StationSetup setup = StationSetup.Resolve(new[] { Asset("station_id", "a") }, "attune.json, line 1: no good");
            Assert.That(setup.StationId, Is.EqualTo("a"));
            Assert.That(setup.Problems, Is.EqualTo(new[] { "attune.json, line 1: no good" }));
        }

        [TestCase("", "line 1, column 1: expected '{', got the end of the file")]
        [TestCase("[]", "expected '{', got '['")]
        [TestCase("{\n  \"token\": 5\n}", "line 2, column 12: expected a text in quotation marks, true, false or '{', got '5'")]
        [TestCase("{\"token\": \"a\",}", "expected a name in quotation marks, got '}'")]
        [TestCase("{\"token\": \"a\"", "expected ',' or '}', got the end of the file")]
        [TestCase("{\"token\": \"a", "expected the closing quotation mark")]
        [TestCase("{\"token\": \"a\\x\"}", "expected one of")]
        [TestCase("{\"token\": \"a\", \"token\": \"b\"}", "'token' stands there twice")]
        [TestCase("{} x", "expected the end, got 'x'")]
        [TestCase("{\"tokn\": \"a\"}", "'tokn' is no value of a station: expected one of endpoint, station_id")]
        [TestCase("{\"token\": true}", "'token': expected a text in quotation marks, got true")]
        [TestCase("{\"insecure\": \"yes\"}", "'insecure': expected true or false, got the text 'yes'")]
        [TestCase("{\"token\": {}}", "'token': expected a text in quotation marks, got an object")]
        public void ABadFileSaysWhereAndWhatWasExpected(string text, string said)
        {
            FormatException fault = Assert.Throws<FormatException>(() => SetupValues.FromJson(text))!;
            Assert.That(fault.Message, Does.Contain(said));
        }

        [Test]
        public void AFileMayBeginWithAByteOrderMarkAndHoldEscapes()
        {
            SetupValues values = SetupValues.FromJson("\uFEFF{ \"station_id\" : \"H\\u00f6rsaal \\\"1\\\"\\n\", \"insecure\": true }");
            Assert.That(values["station_id"], Is.EqualTo("Hörsaal \"1\"\n"));
            Assert.That(values["insecure"], Is.EqualTo("true"));
        }
    }

    /// <summary>A server that introduces itself is never trusted by itself.</summary>
    public sealed class ServerOfferTests
    {
        private const string Pem = "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n";

        // SHA-256 of the bytes 0, 1, 2.
        private const string Digest = "ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc";

        private static string Code(string digest) =>
            $"attune:1?endpoint=https%3A%2F%2F10.0.0.5%3A50051&station=hall%203&ca_sha256={digest}";

        [Test]
        public void ACodeComesBackAsItWas()
        {
            ServerOffer offer = ServerOffer.FromQrCode(Code(Digest));
            Assert.That(offer.Address, Is.EqualTo(new Uri("https://10.0.0.5:50051")));
            Assert.That(offer.StationId, Is.EqualTo("hall 3"));
            Assert.That(offer.ToQrCode(), Is.EqualTo(Code(Digest)));
        }

        [TestCase("https://10.0.0.5:50051", "begins with attune:1?")]
        [TestCase("attune:1?endpoint=https://10.0.0.5:50051&token=x", "a token does not belong")]
        [TestCase("attune:1?endpoint=https://10.0.0.5:50051", "64 hexadecimal digits")]
        [TestCase("attune:1?endpoint=http://10.0.0.5:50051&ca_sha256=00", "nothing with http://")]
        [TestCase("attune:1?endpoint=10.0.0.5", "expected an address")]
        [TestCase("attune:1?endpoint=http://a&endpoint=http://b", "once each")]
        [TestCase("attune:1?colour=red", "got 'colour'")]
        [TestCase("attune:1?endpoint=http://10.0.0.5:50051/%23x", "expected an address")]
        [TestCase("attune:1?endpoint=http://me@10.0.0.5:50051", "expected an address")]
        [TestCase("attune:1?endpoint=http://mu%D1%95eum:50051", "expected an address")]
        [TestCase("attune:1?endpoint=http://a&station=hall%E2%80%AE3", "can be seen, got 'hall\uFFFD3'")]
        [TestCase("attune:1?endpoint=http://a&station=%0A", "can be seen, got '\uFFFD'")]
        public void ABadCodeSaysWhatWasExpected(string code, string said)
        {
            FormatException fault = Assert.Throws<FormatException>(() => ServerOffer.FromQrCode(code))!;
            Assert.That(fault.Message, Does.Contain(said));
        }

        [Test]
        public void AStationsNameFitsOnASign() => Assert.That(
            () => ServerOffer.FromQrCode($"attune:1?endpoint=http://a&station={new string('x', 65)}"), Throws.InstanceOf<FormatException>());

        [Test]
        public void WhateverACodeHoldsIsReadOrRefused()
        {
            Random random = new Random(1);
            string whole = Code(Digest);
            for (int i = 0; i < 20_000; i++)
            {
                char[] damaged = whole.ToCharArray();
                for (int j = random.Next(6); j >= 0; j--)
                {
                    damaged[random.Next(damaged.Length)] = (char)random.Next(random.Next(2) == 0 ? 128 : char.MaxValue);
                }

                string code = new string(damaged, 0, random.Next(damaged.Length + 1));
                try
                {
                    ServerOffer offer = ServerOffer.FromQrCode(code);
                    Assert.That(ServerOffer.FromQrCode(offer.ToQrCode()).Address, Is.EqualTo(offer.Address), code);
                }
                catch (FormatException)
                {
                    // Refused, with a sentence.
                }
            }
        }

        [Test]
        public void AnAnnouncementIsReadLikeACode()
        {
            Dictionary<string, string> record = new Dictionary<string, string> { ["station"] = "a", ["ca_sha256"] = Digest };
            Assert.That(ServerOffer.FromTextRecord("fe80::1", 50051, record).Address.ToString(), Is.EqualTo("https://[fe80::1]:50051/"));
            record.Remove("ca_sha256");
            Assert.That(ServerOffer.FromTextRecord("host.local", 50051, record).Address.Scheme, Is.EqualTo("http"));
        }

        [Test]
        public void AKnownAuthorityIsUsedOnlyAfterAnOperatorConfirmed()
        {
            OfferDesk desk = new OfferDesk(Pem);
            ServerOffer offer = ServerOffer.FromQrCode(Code(Digest));
            Assert.That(desk.Show(offer), Is.EqualTo(OfferTrust.KnownAuthority));
            Assert.That(desk.Waiting, Is.SameAs(offer));
            SetupValues values = desk.Confirm(offer.Address);
            Assert.That(values["endpoint"], Is.EqualTo("https://10.0.0.5:50051"));
            Assert.That(values["ca"], Is.EqualTo(Pem));
            Assert.That(values["token"], Is.Null);
            Assert.That(desk.Waiting, Is.Null);
        }

        [Test]
        public void AnUnknownAuthorityCannotBeConfirmedAtAll()
        {
            OfferDesk desk = new OfferDesk(Pem);
            ServerOffer offer = ServerOffer.FromQrCode(Code(new string('0', 64)));
            Assert.That(desk.Show(offer), Is.EqualTo(OfferTrust.UnknownAuthority));
            Assert.That(() => desk.Confirm(offer.Address, true), Throws.InvalidOperationException);
        }

        [Test]
        public void PlainTextNeedsAnExtraYes()
        {
            OfferDesk desk = new OfferDesk("");
            ServerOffer offer = ServerOffer.FromQrCode("attune:1?endpoint=http://10.0.0.5:50051");
            Assert.That(desk.Show(offer), Is.EqualTo(OfferTrust.PlainText));
            Assert.That(() => desk.Confirm(offer.Address), Throws.InvalidOperationException);
            Assert.That(desk.Confirm(offer.Address, true)["endpoint"], Is.EqualTo("http://10.0.0.5:50051"));
        }

        [Test]
        public void WhatWasShownIsWhatIsConfirmed()
        {
            OfferDesk desk = new OfferDesk("");
            ServerOffer seen = ServerOffer.FromQrCode("attune:1?endpoint=http://10.0.0.5:50051");
            desk.Show(seen);
            desk.Show(ServerOffer.FromQrCode("attune:1?endpoint=http://10.0.0.6:50051"));
            Assert.That(() => desk.Confirm(seen.Address, true), Throws.InvalidOperationException);
            desk.Refuse();
            Assert.That(desk.Waiting, Is.Null);
        }
    }
}
