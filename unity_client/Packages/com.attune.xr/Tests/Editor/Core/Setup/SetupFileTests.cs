#nullable enable
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>attune.json as the application writes it, after an operator confirmed a server.</summary>
    public sealed class SetupFileTests
    {
        [Test]
        public void WhatIsWrittenIsRead()
        {
            SetupValues values = Everything();
            SetupValues read = SetupValues.FromJson(values.ToJson());
            Assert.That(SetupValues.Names.Select(name => read[name]), Is.EqualTo(SetupValues.Names.Select(name => values[name])));
            Assert.That(SetupValues.FromJson(new SetupValues(SetupSource.File).ToJson())[SetupValues.Endpoint], Is.Null);
        }

        [Test]
        public void NothingThatWasMeantForTheOldServerGoesToTheNewOne()
        {
            OfferDesk desk = new OfferDesk("");
            ServerOffer offer = ServerOffer.FromQrCode("attune:1?endpoint=http%3A%2F%2F10.0.0.9%3A50051");
            desk.Show(offer);
            SetupValues moved = Everything().MovedTo(desk.Confirm(offer.Address, plainText: true));
            Assert.That(moved[SetupValues.Endpoint], Is.EqualTo("http://10.0.0.9:50051"));
            Assert.That(moved[SetupValues.StationId], Is.EqualTo("hall \"3\" \\ ä\n"), "the offer names none");
            foreach (string name in new[]
            {
                SetupValues.Token, SetupValues.ClientCertificate, SetupValues.ClientKey, SetupValues.Insecure, SetupValues.Authority,
            })
            {
                Assert.That(moved[name], Is.Null, name);
            }
        }

        private static SetupValues Everything()
        {
            SetupValues values = new SetupValues(SetupSource.File);
            foreach (string name in SetupValues.Names)
            {
                values[name] = $"the {name}";
            }

            values[SetupValues.StationId] = "hall \"3\" \\ ä\n";
            values[SetupValues.Insecure] = "true";
            return values;
        }
    }
}
