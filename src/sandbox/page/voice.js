import { h, iconButton } from './dom.js'
import { durationOf } from './words.js'

const TYPES = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus']

/** Records from the microphone over the composer's `line`; gives `{ blob, seconds }`, or null when it was thrown away. */
export async function recordVoice(line) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type))
  const recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {})
  const chunks = []
  recorder.addEventListener('dataavailable', (event) => chunks.push(event.data))
  const startedAt = performance.now()
  const seconds = () => Math.max(1, Math.round((performance.now() - startedAt) / 1000))
  return new Promise((resolve) => {
    const time = h('span', { class: 'recording-time', role: 'timer' }, '0:00')
    const timer = setInterval(() => {
      time.textContent = durationOf(seconds())
    }, 250)
    const end = (isSent) => {
      const length = seconds()
      recorder.addEventListener('stop', () => resolve(isSent ? { blob: new Blob(chunks), seconds: length } : null))
      recorder.stop()
      for (const track of stream.getTracks()) track.stop()
      clearInterval(timer)
      panel.remove()
    }
    const send = iconButton('send', 'Отправить запись', () => end(true), { class: 'icon-button send' })
    const panel = h(
      'div',
      { class: 'recording' },
      iconButton('close', 'Не отправлять', () => end(false)),
      h('span', { class: 'recording-dot', 'aria-hidden': 'true' }),
      time,
      send,
    )
    line.append(panel)
    recorder.start()
    send.focus()
  })
}
