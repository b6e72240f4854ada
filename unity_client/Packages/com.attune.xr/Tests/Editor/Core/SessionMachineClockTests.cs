#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>When the server takes what the scene says to have happened, above all after a headset slept.</summary>
    public sealed class SessionMachineClockTests
    {
        private const long Slept = 20 * MachineBench.Second;

        [Test]
        public void WhatIsSaidAfterASleepIsDatedByTheNewEstimate()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Sleep(Slept);
            long saidNs = bench.NowNs;
            bench.Machine.Report(new StimulusOnset("photo", saidNs));
            bench.Machine.ReachChoice("door", "left", saidNs + (5 * MachineBench.Second), saidNs);
            bench.Machine.Calibrate(CalibrationAction.StartBaseline);
            bench.RunAfter(300 * MachineBench.Ms);
            Assert.That(bench.Messages.Last(message => !(message is Ping)), Is.InstanceOf<SessionResume>());

            bench.AnswerPings(offsetNs: Slept);
            bench.Run();
            Type[] order = bench.Messages.Skip(bench.Messages.FindIndex(one => one is SessionResume)).Select(one => one.GetType()).ToArray();
            Assert.That(
                order,
                Is.EqualTo(new[]
                {
                    typeof(SessionResume), typeof(ClockEstimate), typeof(StimulusOnset), typeof(ChoiceDue), typeof(Calibration),
                }));
            Assert.That(OnTheServersClock(bench), Is.EqualTo(new[] { saidNs + Slept, saidNs + Slept }));
            Assert.That(bench.MessagesOf<ChoiceDue>().Single().DeadlineNs, Is.EqualTo(saidNs + (5 * MachineBench.Second)));
        }

        [Test]
        public void AWithdrawalAfterASleepWaitsForNothing()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Sleep(Slept);
            bench.Machine.Report(new StimulusOnset("photo", bench.NowNs));
            bench.Machine.ChangeConsent(Array.Empty<ConsentScope>());
            bench.Run();
            Assert.That(bench.MessagesOf<ConsentChange>().Single().Scopes, Is.Empty);
            Assert.That(bench.MessagesOf<StimulusOnset>(), Is.Empty);
        }

        [Test]
        public void ASecondPauseOvertakesWhatWaitsAndComesAfterTheFirst()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Sleep(Slept);
            bench.Machine.Report(new StimulusOnset("photo", bench.NowNs));
            bench.Machine.Pause(PauseReason.Doffed, bench.NowNs, bench.Utc);
            bench.Run();
            Control[] sent = bench.Messages.Where(one => one is SessionPause || one is SessionResume).ToArray();
            Assert.That(sent.Length, Is.EqualTo(3));
            Assert.That(((SessionPause)sent[2]).Reason, Is.EqualTo(PauseReason.Doffed));

            // The device is still awake when the answers come: what waited is dated by them.
            bench.AnswerPings(offsetNs: Slept);
            bench.Run();
            Assert.That(bench.MessagesOf<StimulusOnset>().Length, Is.EqualTo(1));
            Assert.That(bench.Machine.State, Is.EqualTo(ConnectionState.Paused));
        }

        [Test]
        public void WhatWaitsThroughASecondSleepIsDatedToo()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Sleep(Slept);
            long saidNs = bench.NowNs;
            bench.Machine.Report(new StimulusOnset("photo", saidNs));
            bench.Sleep(5 * MachineBench.Second);
            bench.Machine.Report(new StimulusOffset("photo", bench.NowNs));
            bench.Run();
            bench.AnswerPings(offsetNs: Slept + (5 * MachineBench.Second));
            bench.Run();
            Assert.That(
                OnTheServersClock(bench), Is.EqualTo(new[] { saidNs + Slept, saidNs + Slept + (5 * MachineBench.Second) }));
        }

        [Test]
        public void WhatWasSaidOnABrokenStreamBeforeASleepKeepsItsTime()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Break();
            long saidNs = bench.NowNs;
            bench.Machine.Report(new StimulusOnset("photo", saidNs));
            bench.Sleep(Slept);
            bench.Machine.Report(new StimulusOffset("photo", bench.NowNs));
            long resumedNs = bench.NowNs;
            bench.Run();
            bench.Welcome(resumed: true);
            bench.Run();
            bench.AnswerPings(offsetNs: Slept);
            bench.Run();
            Assert.That(OnTheServersClock(bench), Is.EqualTo(new[] { saidNs, resumedNs + Slept }));
        }

        [Test]
        public void AMessageThatIsBeingWrittenDuringASleepIsWrittenOnce()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Machine.Report(new StimulusOnset("photo", bench.NowNs));
            Step writing = bench.Machine.Next(bench.NowNs);
            bench.Machine.Pause(PauseReason.Application, bench.NowNs, bench.Utc);
            bench.Machine.Resume(bench.NowNs, bench.Utc.AddSeconds(20));
            bench.Machine.Sent(writing.Message!);
            bench.Run();
            bench.AnswerPings(offsetNs: Slept);
            bench.Run();
            Assert.That(writing.Message, Is.InstanceOf<StimulusOnset>());
            Assert.That(bench.MessagesOf<StimulusOnset>(), Is.Empty);
        }

        [TestCase(0)]
        [TestCase(2)]
        public void AServerThatAnswersTooFewPingsIsToldAllTheSame(int answered)
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Sleep(Slept);
            bench.Machine.Report(new StimulusOnset("photo", bench.NowNs));
            bench.Machine.Report(new StimulusOffset("photo", bench.NowNs + 1));
            bench.Run();
            bench.AnswerPings(offsetNs: Slept, atMost: answered);
            Step waits = bench.Run();
            Assert.That(waits.UntilNs, Is.LessThanOrEqualTo(bench.NowNs + SessionMachine.MostHeldNs));
            Assert.That(bench.MessagesOf<StimulusOnset>(), Is.Empty);
            bench.RunAfter(SessionMachine.MostHeldNs);
            Control[] sent = bench.Messages.Where(one => !(one is Ping)).ToArray();
            Assert.That(sent[sent.Length - 2], Is.InstanceOf<StimulusOnset>());
            Assert.That(sent[sent.Length - 1], Is.InstanceOf<StimulusOffset>());
            Assert.That(bench.MessagesOf<ClockEstimate>().Any(one => one.Epoch == 2), Is.EqualTo(answered > 0));
            Assert.That(bench.MessagesOf<ClockEstimate>().Last().OffsetNs, Is.EqualTo(answered > 0 ? Slept : 0));
        }

        [Test]
        public void AnEndAfterASleepWaitsForTheAnswersButNotLong()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Sleep(Slept);
            bench.Machine.Report(new StimulusOffset("photo", bench.NowNs));
            bench.Machine.RequestEnd(EndReason.Finished);
            long requestedNs = bench.NowNs;
            Step waits = bench.Run();
            Assert.That(bench.MessagesOf<SessionEnd>(), Is.Empty);
            Assert.That(waits.UntilNs, Is.EqualTo(requestedNs + SessionMachine.MostHeldAtEndNs));
            bench.RunAfter(SessionMachine.MostHeldAtEndNs / 2);
            Assert.That(bench.MessagesOf<SessionEnd>(), Is.Empty);
            bench.RunAfter(SessionMachine.MostHeldAtEndNs / 2);
            Assert.That(bench.Messages[bench.Messages.Count - 2], Is.InstanceOf<StimulusOffset>());
            Assert.That(bench.Messages.Last(), Is.InstanceOf<SessionEnd>());
        }

        [Test]
        public void AnEndAfterASleepIsSaidBehindWhatTheAnswersDate()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Sleep(Slept);
            bench.Machine.Report(new StimulusOffset("photo", bench.NowNs));
            bench.Machine.RequestEnd(EndReason.Finished);
            bench.Run();
            bench.AnswerPings(offsetNs: Slept);
            bench.Run();
            Assert.That(bench.Messages[bench.Messages.Count - 3], Is.InstanceOf<ClockEstimate>());
            Assert.That(bench.Messages[bench.Messages.Count - 2], Is.InstanceOf<StimulusOffset>());
            Assert.That(bench.Messages.Last(), Is.InstanceOf<SessionEnd>());
        }

        [Test]
        public void AnEndThatNothingWaitsBeforeIsSaidAtOnce()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Sleep(Slept);
            bench.Machine.RequestEnd(EndReason.Finished);
            bench.Run();
            Assert.That(bench.Messages.Last(), Is.InstanceOf<SessionEnd>());
        }

        [Test]
        public void WhatHappenedBeforeTheFirstAnswerIsDatedByTheFirstEstimate()
        {
            MachineBench bench = new MachineBench();
            long saidNs = bench.NowNs;
            bench.Machine.Report(new BeatEntered("hall", saidNs));
            bench.RunAfter(3 * MachineBench.Second);
            bench.Welcome();
            bench.Run();
            bench.Machine.Report(new StimulusOnset("photo", bench.NowNs));
            bench.Run();
            Assert.That(bench.MessagesOf<SceneEvent>(), Is.Empty);
            bench.AnswerPings(offsetNs: 7 * MachineBench.Second);
            bench.Run();
            Assert.That(
                OnTheServersClock(bench),
                Is.EqualTo(new[] { saidNs + (7 * MachineBench.Second), saidNs + (10 * MachineBench.Second) }));
        }

        [Test]
        public void AServerThatFirstAnswersAfterMinutesIsToldWhereTheStoryStands()
        {
            MachineBench bench = new MachineBench();
            bench.Machine.Report(new BeatEntered("street", bench.NowNs));
            bench.Machine.Report(new StimulusOnset("photo", bench.NowNs));
            bench.Machine.Calibrate(CalibrationAction.StartBaseline);
            bench.Run();
            bench.Break();
            bench.NowNs += 300 * MachineBench.Second;
            bench.Machine.Report(new BeatEntered("hall", bench.NowNs - (200 * MachineBench.Second)));
            bench.Run();
            long askedNs = bench.NowNs;
            bench.Welcome();
            bench.Run();
            bench.AnswerPings();
            bench.Run();
            BeatEntered told = bench.MessagesOf<SceneEvent>().Cast<BeatEntered>().Single();
            Assert.That((told.BeatId, told.TimeNs), Is.EqualTo(("hall", askedNs)));
            Assert.That(bench.MessagesOf<Calibration>().Length, Is.EqualTo(1));
        }

        [Test]
        public void ANewServerIsToldWhereTheStoryStandsNow()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.Report(new BeatEntered("hall", bench.NowNs));
            bench.Run();
            bench.NowNs += 10 * MachineBench.Second;
            bench.Break();
            bench.Machine.ReachChoice("door", "left", bench.NowNs + (600 * MachineBench.Second), bench.NowNs);
            long deadlineNs = bench.NowNs + (600 * MachineBench.Second);
            bench.Messages.Clear();

            // Longer ago than a server believes.
            bench.RunAfter(200 * MachineBench.Second);
            long toldNs = bench.NowNs;
            bench.Welcome();
            bench.Run();
            bench.AnswerPings();
            bench.Run();
            Assert.That(OnTheServersClock(bench), Is.EqualTo(new[] { toldNs, toldNs }));
            Assert.That(bench.MessagesOf<ChoiceDue>().Single().DeadlineNs, Is.EqualTo(deadlineNs));
        }

        [Test]
        public void ASleepThatNobodyAnnouncedBeginsANewClockEpoch()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.RunAfter(2 * MachineBench.Second);
            bench.AnswerPings(offsetNs: Slept);
            Assert.That(bench.Machine.State, Is.EqualTo(ConnectionState.Synchronising));
            long saidNs = bench.NowNs;
            bench.Machine.Report(new StimulusOnset("photo", saidNs));
            bench.Run();
            Assert.That(bench.MessagesOf<StimulusOnset>(), Is.Empty);
            bench.AnswerPings(offsetNs: Slept);
            bench.Run();
            Assert.That(bench.MessagesOf<ClockEstimate>().Last().Epoch, Is.EqualTo(2));
            Assert.That(OnTheServersClock(bench), Is.EqualTo(new[] { saidNs + Slept }));
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.Accepted));
        }

        [Test]
        public void ASlowAnswerIsNoSleep()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.RunAfter(2 * MachineBench.Second);

            // All of the delay on one way: it looks like half of it on the clock.
            bench.AnswerPings(offsetNs: MachineBench.Second, roundTripNs: 3 * MachineBench.Second);
            Assert.That(bench.Machine.State, Is.EqualTo(ConnectionState.Streaming));
        }

        /// <summary>As the server converts: by the last estimate that came before.</summary>
        private static List<long> OnTheServersClock(MachineBench bench)
        {
            List<long> times = new List<long>();
            long offsetNs = 0;
            foreach (Control message in bench.Messages)
            {
                if (message is ClockEstimate estimate)
                {
                    offsetNs = estimate.OffsetNs;
                }
                else if (message is SceneEvent happened)
                {
                    times.Add(happened.TimeNs + offsetNs);
                }
            }

            return times;
        }
    }
}
