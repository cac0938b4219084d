import { VivavoxError, type Avatar } from 'vivavox';

/** A button that lets the avatar's mouth follow the microphone, while it is pressed. */
export class Microphone {
  readonly #button: HTMLButtonElement;
  readonly #avatar: Avatar;
  #stream: MediaStream | null = null;

  constructor(button: HTMLButtonElement, avatar: Avatar) {
    this.#button = button;
    this.#avatar = avatar;
    button.disabled = false;
  }

  async toggle(): Promise<void> {
    if (this.#stream) {
      await this.#end();
      return;
    }
    const stream = await openMicrophone();
    this.#stream = stream;
    this.#button.ariaPressed = 'true';
    try {
      await this.#avatar.follow(stream);
    } catch (error) {
      await this.#end();
      throw error;
    }
    // A microphone that is unplugged, or taken back by the person.
    stream.getAudioTracks()[0]?.addEventListener('ended', () => void this.#end());
  }

  async #end(): Promise<void> {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#button.ariaPressed = 'false';
    await this.#avatar.follow(null);
  }
}

async function openMicrophone(): Promise<MediaStream> {
  // Missing where a page is not secure.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  try {
    if (!devices) throw new Error('the page is not served by HTTPS');
    return await devices.getUserMedia({ audio: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new VivavoxError(
      'unavailable',
      `The microphone cannot be heard (${reason}): allow it for this page, or plug one in.`,
      { cause },
    );
  }
}
